"""Reports of questions: what comes with them, the answer that the learner reads, and closing."""

import pytest
from django.urls import reverse

from course.models import AuditEntry
from quizzes import services
from quizzes.models import QuestionReport
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


def test_an_answer_is_shown_to_its_learner_and_stands_in_the_audit(client, course, teacher, learner, report):
    done = client.post(page_of(course, report), {"do": "answer_and_close", "answer": "Mended, thank you."})
    report.refresh_from_db()
    assert (done.status_code, report.answer, report.answered_by, report.closed_at is None) == (
        302,
        "Mended, thank you.",
        teacher,
        False,
    )
    assert list(AuditEntry.objects.values_list("action", "actor", "target", "reason")) == [
        ("answer_report", teacher.pk, f"report:{report.pk}", "Mended, thank you.")
    ]
    client.force_login(learner)
    assert "Mended, thank you." in client.get(reverse("my_reports", args=[course.slug])).content.decode()


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
    services.submit_attempt(learner=learner, question_id=question.pk, response="7", number=1, now=make.NOW)
    report = services.report_question(learner=learner, question_id=question.pk, text="odd", now=make.NOW)
    assert report.response == "7"
