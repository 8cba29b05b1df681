"""An instructor opens an exam's questions for practice in the form of the exam, and closes them again (D45)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from course.models import Course
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.rules.variants import FIRST_RESERVED
from quizzes.selectors import pool_to_practice
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.folder.test_pool_practice import with_pool
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import fields_of, send, sentences, settings_of
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    load(with_pool(practice=""))
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def open_questions():
    return [question.key for question in pool_to_practice(Assessment.objects.get(kind="exam"), None, timezone.now())]


def test_an_objective_is_opened_and_closed_without_another_version_of_a_question(teacher, course):
    address, before = settings_of(kind="exam"), QuestionVersion.objects.count()
    assert Question.objects.get(key="drawn").versions.filter(variant__gte=FIRST_RESERVED).count() == 20
    assert open_questions() == []
    assert send(teacher, "publish", address, practice=["numbers"]).status_code == 302
    exam = Assessment.objects.get(kind="exam")
    assert (exam.practice, open_questions()) == (["numbers"], ["drawn"])
    assert "practice:" in exam.source
    assert fields_of(teacher.get(address))["practice"] == ["numbers"]
    learner = make.enroll(course=course)
    teacher.force_login(learner)
    assert "Practice these questions" in teacher.get(reverse("assessment", args=[exam.pk])).content.decode()
    teacher.force_login(instructor_of(course))
    assert send(teacher, "publish", address, practice=[]).status_code == 302
    assert (Assessment.objects.get(kind="exam").practice, open_questions()) == ([], [])
    assert QuestionVersion.objects.count() == before


def practice_fields(page):
    forms = [form for section in page.context["sections"] for form in section.forms]
    return [form.fields["practice"] for form in forms if "practice" in form.fields]


def test_an_objective_with_fixed_questions_only_is_not_offered(teacher):
    (field,) = practice_fields(teacher.get(settings_of(kind="exam")))
    assert [key for key, _ in field.choices] == ["numbers"]
    answer = send(teacher, "publish", settings_of(kind="exam"), practice=["marks"])
    assert answer.status_code == 400
    assert sentences(answer).keys() == {"practice"}
    assert open_questions() == []


def test_an_exam_of_fixed_questions_has_no_section_for_practice(client):
    load(nasty_files())
    client.force_login(instructor_of(Course.objects.get()))
    assert practice_fields(client.get(settings_of(kind="exam"))) == []
