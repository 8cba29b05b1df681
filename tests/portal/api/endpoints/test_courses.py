"""The catalog, the outline of a course, enrollment, and the learner's own progress."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from foundation.idempotency import forget_answers
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_courses_that_are_unchanged_are_not_sent_again(as_learner):
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course))
    api = as_learner(course)
    for path in (f"/api/v1/lessons/{lesson.pk}/", f"/api/v1/courses/{course.slug}/", "/api/v1/courses/"):
        first = api.get(path)
        again = api.get(path, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    api.post(f"/api/v1/lessons/{lesson.pk}/done/")
    assert api.get(f"/api/v1/courses/{course.slug}/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_courses_enrollment_with_the_same_key_gets_the_same_answer_for_a_week(as_learner):
    course = make.make_course()
    api, key = as_learner(), {"headers": {"Idempotency-Key": "k"}}
    where = f"/api/v1/courses/{course.slug}/enrollment/"
    first = api.post(where, {"name": "Ada"}, **key)
    for days, replays in ((6, "true"), (8, None)):
        now = timezone.now() + timedelta(days=days)
        forget_answers(now=now)
        with time_machine.travel(now, tick=False):
            again = api.post(where, {"name": "Ada"}, **key)
        assert again.headers.get("Idempotent-Replayed") == replays
    assert (first.status_code, again.status_code) == (201, 200)


def test_courses_progress_is_the_grade_of_each_item(world):
    progress = world.client("ada").get(f"/api/v1/courses/{world.ids['slug']}/progress/").json()
    states = {item["id"]: item["state"] for item in progress["items"]}
    running = dict.fromkeys((world.ids["assessment_id"], world.ids["exam"]), "in_progress")
    assert states == {**running, world.ids["column_id"]: "not_started"}
