"""An exam loses its time limit in the policy form, and running exams follow a closing that is published there (D36)."""

from datetime import UTC, datetime

import pytest
import time_machine

from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.rules.timing import NO_END
from tests import factories as make
from tests.authoring.workplace.test_new_exams import NEW, QUIZ
from tests.authoring.workplace.test_policy import course, fields_of, send, sentences, settings_of, teacher

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


def test_none_is_a_time_limit(teacher, course):
    address = settings_of(kind="exam")
    assert send(teacher, "publish", address, time_limit="none").status_code == 302
    exam = Assessment.objects.get(kind="exam")
    assert (exam.time_limit, "time_limit: none\n" in exam.source) == (None, True)
    assert fields_of(teacher.get(address))["time_limit"] == "none"


@pytest.mark.parametrize("typed", ["0", "1441", "never", "None"])
def test_another_time_limit_is_refused_beside_its_field(teacher, course, typed):
    answer = send(teacher, "publish", settings_of(kind="exam"), time_limit=typed)
    assert sentences(answer)["time_limit"] == ["“Time limit in minutes” needs a whole number from 1 to 1440, or none."]


def test_running_exams_end_at_a_closing_that_is_published(teacher, course, clock):
    address = settings_of(kind="exam")
    assert send(teacher, "publish", address, time_limit="none").status_code == 302
    exam = Assessment.objects.get(kind="exam")
    sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    assert sitting.deadline_at == NO_END
    assert send(teacher, "publish", address, closes="2026-12-04 18:00").status_code == 302
    exam.refresh_from_db()
    assert exam.closes_at.date().isoformat() == "2026-12-04"
    assert Sitting.objects.get(pk=sitting.pk).deadline_at == exam.closes_at


def test_a_preview_of_a_closing_ends_no_exam(teacher, course):
    address = settings_of(kind="exam")
    send(teacher, "publish", address, time_limit="none")
    exam = Assessment.objects.get(kind="exam")
    sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    assert send(teacher, "preview", address, closes="2026-12-04 18:00").status_code == 200
    assert Sitting.objects.get(pk=sitting.pk).deadline_at == NO_END


def test_a_new_exam_can_begin_without_a_time_limit(teacher, course):
    begun = teacher.post(NEW, QUIZ | {"time_limit": "none"})
    assert fields_of(teacher.get(begun["Location"]))["time_limit"] == "none"
    assert send(teacher, "publish", begun["Location"]).status_code == 302
    assert Assessment.objects.get(key="quiz-two").time_limit is None


@pytest.mark.parametrize("typed", ["0", "1441", "soon", "-1"])
def test_a_new_exam_with_another_time_limit_is_refused(teacher, course, typed):
    answer = teacher.post(NEW, QUIZ | {"time_limit": typed})
    assert (answer.status_code, answer.context["form"].errors["time_limit"]) == (
        400,
        ["Write a whole number from 1 to 1440, or none."],
    )
