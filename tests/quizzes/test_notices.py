"""Notices by mail: what happened to somebody's own work, told once, without what only its page may say."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from announcements.services import post_announcement
from course.rules.schedule import Dates
from mail.models import Mail
from mail.services import send_due_mail, set_mail_wanted
from people.services import extend_dates, set_accommodation
from quizzes import services
from quizzes.models import QuestionReport
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def learner(course):
    person = make.enroll(course=course)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def noticed():
    return [facts["what"] for facts in Mail.objects.order_by("pk").values_list("facts", flat=True)]


def test_more_time_and_later_dates_are_told_once(course, teacher, learner):
    said = {"course": course, "learner_id": learner.pk, "reason": "fair", "author": teacher, "now": NOW}
    for _ in range(2):
        set_accommodation(multiplier=Decimal("1.5"), **said)
    common = Dates(closes_at=NOW + timedelta(days=1))
    review = make.make_review(course=course)
    extend_dates(activity=review.pk, common=common, due_at=None, closes_at=NOW + timedelta(days=2), **said)
    assert noticed() == ["exam_time", "dates"]


def test_minutes_in_a_running_exam_are_told_once_however_often_the_form_is_sent(course, teacher, learner):
    sitting, _ = services.start_sitting(learner=learner, assessment=make.make_exam(course=course), now=NOW)
    for _ in range(2):
        services.add_minutes(
            course=course, sitting_ids=[sitting.pk], minutes=5, reason="noise", key="k", author=teacher, now=NOW
        )
    assert noticed() == ["minutes"]


def test_a_reply_to_a_report_is_told_without_its_text(course, teacher, learner):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.report_question(learner=learner, question_id=question.pk, text="odd", now=NOW)
    said = {"report_id": QuestionReport.objects.get().pk, "course_id": course.pk, "actor": teacher, "now": NOW}
    for reply in ("The key is 7041.", "The key is 7042."):
        services.answer_report(text=reply, closes=False, **said)
    assert send_due_mail(clock=lambda: NOW) == 1
    (letter,) = mail.outbox
    assert letter.subject.endswith("An instructor answered your report")
    assert f"/courses/{course.slug}/reports/" in letter.body
    texts = [letter.subject, letter.body, *(part.content for part in letter.alternatives)]
    assert not any("The key is" in text for text in texts)


def test_a_release_is_told_to_those_who_answered(course, teacher, learner):
    make.enroll(course=course)  # has answered nothing
    review = make.make_review(course=course, questions=1, show={"key": "release", "explanation": "release"})
    question = review.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    services.release_assessment(course=course, assessment_id=review.pk, reason="all are done", author=teacher, now=NOW)
    assert list(Mail.objects.values_list("user", "facts__what")) == [(learner.pk, "release")]


def test_a_regrade_is_told_to_those_whose_points_change(course, teacher, learner):
    other = make.enroll(course=course)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    for person, response in ((learner, make.wrong(question)), (other, make.right(question))):
        services.check_response(learner=person, question_id=question.pk, response=response, number=1, now=NOW)
    services.apply_regrade(
        course=course, question_id=question.pk, kind="credit", reason="It was unfair.", author=teacher, now=NOW
    )
    assert list(Mail.objects.values_list("user", "facts__what")) == [(learner.pk, "regrade")]


def test_who_sits_an_exam_is_told_nothing_of_a_regrade(course, teacher, learner):
    exam = make.make_exam(course=course, drawn=1, pool=1)
    services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = exam.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.wrong(question), number=1, now=NOW)
    services.apply_regrade(
        course=course, question_id=question.pk, kind="credit", reason="It was unfair.", author=teacher, now=NOW
    )
    assert noticed() == []


def test_a_certificate_is_told_when_it_is_issued(course, learner):
    review, exam = make.make_review(course=course, questions=1), make.make_exam(course=course, drawn=1, pool=1)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for question in (review.questions.get(), exam.questions.get()):
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert noticed() == ["certificate"]


def test_who_wants_no_notices_gets_announcements_all_the_same(course, teacher, learner):
    set_mail_wanted(user=learner, wanted={"notices": False})
    set_accommodation(
        course=course, learner_id=learner.pk, multiplier=Decimal(2), reason="fair", author=teacher, now=NOW
    )
    said = {"title": "Room 12", "text": "Hello.", "audience": "everyone", "group": "", "is_mailed": True}
    post_announcement(course=course, author=teacher, key="k", now=NOW, **said)
    assert send_due_mail(clock=lambda: NOW) == 1
    assert [letter.subject.rpartition(": ")[2] for letter in mail.outbox] == ["Room 12"]
