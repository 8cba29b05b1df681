"""How many reports of questions one learner may send, by form and by API."""

from datetime import timedelta

import pytest

from quizzes.models import QuestionReport
from quizzes.services import close_report, reporting
from tests import factories as make
from tests.contract import ContractClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return make.add_question(assessment=make.make_assessment(course=make.make_course()))


def reported(question, learner, count):
    """Send so many reports through the API and return the answers."""
    api = ContractClient()
    api.force_authenticate(learner)
    return [api.post(f"/api/v1/questions/{question.pk}/reports/", {"text": "It is odd."}) for _ in range(count)]


def statuses(answers):
    return [answer.status_code for answer in answers]


def course_of(question):
    return question.assessment.course


def test_a_learner_has_so_many_open_reports_of_a_question_and_another_learner_their_own(question):
    learner, other = (make.enroll(course=course_of(question)) for _ in range(2))
    answers = reported(question, learner, reporting.MOST_OPEN + 1)
    assert statuses(answers) == [201] * reporting.MOST_OPEN + [409]
    assert answers[-1].json()["code"] == "reported_already"
    assert statuses(reported(question, other, 1)) == [201]


def test_a_report_that_is_closed_makes_room_for_the_next(question):
    learner = make.enroll(course=course_of(question))
    reported(question, learner, reporting.MOST_OPEN)
    actor = make.make_user(is_staff=True)
    first = QuestionReport.objects.first()
    course = course_of(question).pk
    close_report(report_id=first.pk, course_id=course, actor=actor, closes=True, now=make.NOW)
    assert statuses(reported(question, learner, 2)) == [201, 409]


def test_two_hundred_reports_of_one_learner_are_not_two_hundred_rows(question):
    learner, other = (make.enroll(course=course_of(question)) for _ in range(2))
    questions = [make.add_question(assessment=question.assessment) for _ in range(5)]
    answers = [answer for each in questions for answer in reported(each, learner, reporting.MOST_OPEN)]
    assert statuses(answers) == [201] * reporting.MOST_A_DAY + [429] * 5
    assert (answers[-1].json()["code"], answers[-1].headers["Retry-After"]) == ("too_many_reports", "3600")
    assert statuses(reported(question, other, 1)) == [201]
    QuestionReport.objects.filter(learner=learner).update(created_at=make.NOW - timedelta(days=2))
    assert statuses(reported(question, learner, 1)) == [201]


def test_the_form_says_that_the_report_was_not_sent(client, question):
    learner = make.enroll(course=course_of(question))
    reported(question, learner, reporting.MOST_OPEN)
    client.force_login(learner)
    answer = client.post(f"/questions/{question.pk}/report/", {"text": "Again."}, headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert "so this one was not sent" in answer.content.decode()
    assert QuestionReport.objects.count() == reporting.MOST_OPEN
