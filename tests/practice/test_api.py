"""What waits for practice today, by the API."""

from datetime import timedelta

import pytest
import time_machine

from quizzes import services
from tests import factories as make
from tests.practice.test_practicing import final_questions, practice

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_courses_practice_names_what_waits_and_reading_changes_nothing(as_learner):
    course = make.make_course()
    client = as_learner(course)
    address = f"/api/v1/courses/{course.slug}/practice/"
    with time_machine.travel(NOW, tick=False):
        assert client.get(address).json()["next_day"] is None
        first, second = final_questions(client.user, course, 2, right_on=None)
        waiting = client.get(address).json()
        assert (waiting["day"], waiting["done"], waiting["minutes"]) == ("2026-11-24", 0, 3)
        assert set(waiting["questions"]) == {first.pk, second.pk}
        assert client.get(address).json() == waiting
        practice(client.user, course, first)
        assert client.get(address).json()["questions"] == [second.pk]
        practice(client.user, course, second)
        after = client.get(address).json()
    assert (after["questions"], after["done"]) == ([], 2)
    assert (after["next_day"], after["next_count"]) == (str((NOW + timedelta(days=1)).date()), 2)


def test_courses_practice_waits_for_the_end_of_an_exam(as_learner):
    course = make.make_course()
    client = as_learner(course)
    exam = make.make_exam(course=course, drawn=1, pool=1)
    services.start_sitting(learner=client.user, assessment=exam, now=NOW)
    with time_machine.travel(NOW, tick=False):
        refused = client.get(f"/api/v1/courses/{course.slug}/practice/")
    assert (refused.status_code, refused.json()["code"]) == (409, "practice_waits")
