"""A program reads a lesson, marks it as read, and keeps the learner's place."""

import pytest

from lessons.models import LessonVisit
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_lessons_are_read_with_their_state(world):
    told = world.client("ada").get(f"/api/v1/lessons/{world.ids['lesson_id']}/").json()
    assert (told["id"], told["state"]) == (world.ids["lesson_id"], "not_started")


def test_lessons_done_marks_a_lesson_as_read(world):
    ada, address = world.client("ada"), f"/api/v1/lessons/{world.ids['lesson_id']}/"
    assert ada.post(f"{address}done/").status_code == 204
    assert ada.get(address).json()["state"] == "done"


def test_lessons_place_is_the_section_that_was_seen_last(as_learner):
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course), html='<h2 id="c-rank">Rank</h2><p>Axes.</p>')
    ada, address = as_learner(course), f"/api/v1/lessons/{lesson.pk}/"
    ada.post(f"{address}done/")
    statuses = [ada.put(f"{address}place/", {"section": each}).status_code for each in ("c-none", "c-rank")]
    assert (statuses, LessonVisit.objects.get().section) == ([404, 204], "c-rank")
