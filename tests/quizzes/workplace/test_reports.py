"""Reports of questions: their context, the reply that the learner reads, and closing."""

import pytest
import time_machine
from django.urls import reverse

from quizzes import services
from quizzes.models import QuestionReport
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course, user=make.make_user(username="mina"))


@pytest.fixture
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


@pytest.fixture
def report(course, learner):
    exam = make.make_exam(course=course, kinds=["numeric"])
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    question = sitting.questions.first().question
    services.save_draft(learner=learner, question_id=question.pk, response="7", revision=0, now=make.NOW)
    services.report_question(learner=learner, question_id=question.pk, text="The unit is missing.", now=make.NOW)
    return QuestionReport.objects.get()


def page_of(course, report):
    return reverse("report_page", args=[course.slug, report.pk])


def test_a_report_arrives_with_version_response_and_seed(client, course, teacher, report):
    make.publish(question=report.question, type="numeric")
    page = client.get(page_of(course, report))
    assert (page.context["version"].number, page.context["response"], page.context["report"].sitting.seed) == (
        1,
        "7",
        report.sitting.seed,
    )
    text = page.content.decode()
    assert (report.sitting.seed != "", report.sitting.seed in text, "The unit is missing." in text) == (
        True,
        True,
        True,
    )


def test_a_reply_is_shown_to_its_learner_and_recorded_in_the_audit(client, course, teacher, learner, report):
    done = client.post(page_of(course, report), {"do": "answer_and_close", "answer": "Fixed, thank you."})
    report.refresh_from_db()
    assert (done.status_code, report.answer, report.answered_by, report.closed_at is None) == (
        302,
        "Fixed, thank you.",
        teacher,
        False,
    )
    assert list(AuditEntry.objects.values_list("action", "actor", "target", "reason")) == [
        ("answer_report", teacher.pk, f"report:{report.pk}", "Fixed, thank you.")
    ]
    services.hand_in_sitting(learner=learner, sitting_id=report.sitting_id, now=make.NOW)
    client.force_login(learner)
    assert "Fixed, thank you." in client.get(reverse("my_reports", args=[course.slug])).content.decode()


REPLY = "The right value is 42."


def read_by(client, learner, course):
    client.force_login(learner)
    return client.get(reverse("my_reports", args=[course.slug])).content.decode()


@pytest.fixture
def during_the_exam():
    with time_machine.travel(make.NOW, tick=False):
        yield


def test_a_reply_during_the_exam_waits_until_the_exam_is_settled(
    client, course, teacher, learner, report, during_the_exam
):
    page = client.post(page_of(course, report), {"do": "answer_and_close", "answer": REPLY}, follow=True)
    assert "This learner’s exam is not over and graded yet." in page.content.decode()
    assert "Saved. The learner can read your reply once their exam is over and graded." in page.content.decode()
    early = read_by(client, learner, course)
    assert (REPLY in early, "An instructor replied." in early) == (False, True)
    services.hand_in_sitting(learner=learner, sitting_id=report.sitting_id, now=make.NOW)
    assert REPLY in read_by(client, learner, course)


def test_a_reply_is_shown_after_the_deadline_although_nobody_settled_the_exam(client, course, teacher, learner, report):
    client.post(page_of(course, report), {"do": "answer", "answer": REPLY})
    assert REPLY in read_by(client, learner, course)  # the sitting began in the past, so reading the page settles it


def test_a_void_sitting_holds_the_reply_until_the_next_one_is_settled(client, course, teacher, learner, report):
    client.post(page_of(course, report), {"do": "answer", "answer": REPLY})
    services.hand_in_sitting(learner=learner, sitting_id=report.sitting_id, now=make.NOW)
    services.void_sitting(
        course=course, sitting_id=report.sitting_id, author=teacher, reason="A fire alarm.", now=make.NOW
    )
    assert REPLY not in read_by(client, learner, course)


def test_a_reply_about_a_review_question_is_shown_at_once(client, course, teacher, learner):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.first()
    services.report_question(learner=learner, question_id=question.pk, text="Unclear.", now=make.NOW)
    found = QuestionReport.objects.get()
    page = client.post(page_of(course, found), {"do": "answer", "answer": "Thank you."}, follow=True)
    assert "Sent. The learner finds your reply" in page.content.decode()
    assert "Thank you." in read_by(client, learner, course)


def test_an_empty_answer_is_refused_with_what_was_typed_elsewhere_kept(client, course, teacher, report):
    refused = client.post(page_of(course, report), {"do": "answer", "answer": "  "})
    report.refresh_from_db()
    assert (refused.status_code, report.answered_at, AuditEntry.objects.count()) == (400, None, 0)


def test_the_list_holds_the_open_ones_and_on_request_the_closed(client, course, teacher, report):
    url = reverse("reports", args=[course.slug])
    found = [[row.pk for row in client.get(url, asked).context["rows"]] for asked in ({}, {"show": "closed"})]
    client.post(page_of(course, report), {"do": "close"})
    client.post(page_of(course, report), {"do": "close"})
    found += [[row.pk for row in client.get(url, asked).context["rows"]] for asked in ({}, {"show": "closed"})]
    client.post(page_of(course, report), {"do": "reopen"})
    found.append([row.pk for row in client.get(url).context["rows"]])
    assert found == [[report.pk], [], [], [report.pk], [report.pk]]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["close_report", "reopen_report"]


def test_a_report_of_another_course_is_not_there(client, teacher, report):
    other = make.make_course()
    client.force_login(instructor_of(other))
    url = page_of(other, report)
    assert (client.get(url).status_code, client.post(url, {"do": "close"}).status_code) == (404, 404)
    report.refresh_from_db()
    assert report.closed_at is None


def test_a_checked_response_comes_with_it_where_no_draft_is_left(course, learner):
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(learner=learner, question_id=question.pk, response="7", number=1, now=make.NOW)
    report = services.report_question(learner=learner, question_id=question.pk, text="odd", now=make.NOW)
    assert report.response == "7"
