"""A cell's attempts, and actions on it: previewed, stored, undone, shown to the learner."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from grading.models import Override
from grading.selectors.grades import course_grade
from people.models import Accommodation
from quizzes import services
from quizzes.models import Sitting, Void
from records.models import AuditEntry
from tests import factories as make
from tests.portal.changed_questions import changed_review
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture(autouse=True)
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


@pytest.fixture
def learner(course):
    return make.enroll(course=course, user=make.make_user(username="mina"))


def check(learner, question, response, number=1):
    return services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=NOW)


def cell(learner, assessment):
    return reverse("gradebook_cell", args=["deep", learner.pk, assessment.pk])


def text_of(client, address):
    return client.get(address).content.decode()


def progress(learner):
    browser = Client()
    browser.force_login(learner)
    return browser.get("/courses/deep/progress/").content.decode()


def test_every_attempt_is_shown_as_its_learner_saw_it(client, course, learner):
    review = make.make_review(course=course, kinds=sorted(make.SOURCES))
    for question in review.questions.all():
        check(learner, question, make.wrong(question))
    single = review.questions.get(current__type="single_choice")
    make.publish(question=single, source={"options": [{"text": "new", "right": True}, {"text": "other"}]})
    found = text_of(client, cell(learner, review))
    assert found.count("<article") == len(make.SOURCES)
    assert "also wrong" in found  # the option of the version that was answered, not of the newest
    assert "version 1" in found
    assert ("Learner’s response, incorrect" in found, "Your response" in found) == (True, False)
    assert "Correct answer: relu" in found


def test_every_question_that_counts_is_shown_with_its_points_and_what_changed(client, course, learner, teacher):
    review = changed_review(course, learner, teacher)
    page = client.get(cell(learner, review))
    asked = page.context["records"][0].asked
    assert [
        (each.position, each.score.earned, each.score.possible if each.score.counts else None, each.score.marks)
        for each in asked
    ] == [
        (1, 1, 1, ()),
        (2, 0, 1, ()),
        (3, 0, 1, ()),
        (4, 0, None, ("gone",)),
        (5, 1, 1, ("credit",)),
        (6, 0, None, ("removed",)),
        (7, 1, 1, ("void",)),
    ]
    text = " ".join(page.content.decode().split())
    assert text.count("No attempt") == 2  # the credited question is not one of them
    for words in ("full points for everyone", "removed from the course", "voided, except for correct responses"):
        assert words in text
    assert (page.context["item"].points_earned, page.context["item"].points_possible) == ("3", "5")


def test_a_review_that_is_not_started_shows_its_questions(client, course, learner):
    review = make.make_review(course=course, questions=3)
    page = client.get(cell(learner, review))
    (record,) = page.context["records"]
    assert (record.sitting, len(record.asked)) == (None, 3)
    assert "not started" in page.content.decode()


def test_an_exam_shows_its_paper_in_the_learners_order(client, course, learner):
    exam = make.make_exam(course=course, drawn=3, pool=5)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    rows = list(sitting.questions.order_by("position"))
    check(learner, rows[1].question, make.right(rows[1].question))
    asked = client.get(cell(learner, exam)).context["records"][0].asked
    assert [(each.position, each.question.pk, each.score.earned) for each in asked] == [
        (place, row.question_id, int(place == 2)) for place, row in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize("size", [1, 8])
def test_the_evidence_costs_the_same_statements_however_much_there_is(client, course, learner, size):
    review = make.make_review(course=course, kinds=["numeric"] * size)
    for question in review.questions.all():
        check(learner, question, make.wrong(question))
        check(learner, question, make.wrong(question, variant=1), 2)
    with counted_statements() as statements:
        client.get(cell(learner, review))
    assert len(statements) <= 22


def test_points_are_previewed_then_given_then_taken_back(client, course, learner):
    review = make.make_review(course=course, questions=4)
    address, form = cell(learner, review), {"do": "override", "points": "3", "reason": "an oral exam"}
    shown = client.post(address, form)
    assert (shown.context["shift"].before.percent, shown.context["shift"].after.percent) == ("0.0", "37.5")
    assert (Override.objects.count(), AuditEntry.objects.count()) == (0, 0)
    assert client.post(address, {**form, "confirmed": "1"}).status_code == 302
    assert course_grade(learner.pk, course.pk).percent == "37.5"
    told = progress(learner)
    assert "0 → 3 of 4 points" in told
    assert "an oral exam" in told
    client.post(address, {"do": "undo_override", "reason": "it was somebody else", "confirmed": "1"})
    assert course_grade(learner.pk, course.pk).percent == "0.0"
    assert "it was somebody else" in progress(learner)


def test_a_learner_is_exempted_after_a_preview_and_counts_again(client, course, learner):
    first, second = (make.make_review(course=course, questions=4) for _ in range(2))
    check(learner, first.questions.first(), make.right(first.questions.first()), 1)
    address, form = cell(learner, second), {"do": "exempt", "reason": "ill in that week"}
    shown = client.post(address, form)
    assert (shown.context["shift"].before.percent, shown.context["shift"].after.percent) == ("6.2", "12.5")
    assert (Override.objects.count(), AuditEntry.objects.count()) == (0, 0)
    assert client.post(address, {**form, "confirmed": "1"}).status_code == 302
    assert "exempted the learner on" in client.get(address).content.decode()
    told = progress(learner)
    assert "does not count for you any more" in told
    assert "exempt: does not count for you" in told
    assert "ill in that week" in told
    assert ">exempt<" in "".join(client.get(reverse("gradebook", args=[course.slug])).content.decode().split())
    client.post(address, {"do": "undo_override", "reason": "not ill at all", "confirmed": "1"})
    assert course_grade(learner.pk, course.pk).percent == "6.2"
    assert "counts for you again" in progress(learner)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["exemption", "exemption_undone"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "exempt", "reason": " "}, 400),
        ({"do": "override", "points": "9", "reason": "r"}, 409),
        ({"do": "override", "points": "-1", "reason": "r"}, 400),
        ({"do": "override", "points": "3", "reason": " "}, 400),
        ({"do": "override", "reason": "r"}, 400),
        ({"do": "undo_override", "reason": "r"}, 409),
        ({"do": "void", "reason": "r", "sitting": "nothing"}, 404),
        ({"do": "anything", "reason": "r"}, 400),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_refused_actions_are_reported_on_the_page_and_change_nothing(client, course, learner, form, status, confirmed):
    review = make.make_review(course=course, questions=4)
    assert client.post(cell(learner, review), {**form, **confirmed}).status_code == status
    assert (Override.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_sitting_is_voided_and_restored_and_its_learner_is_notified(client, course, learner):
    exam = make.make_exam(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row in sitting.questions.all():
        check(learner, row.question, make.right(row.question))
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    address, form = cell(learner, exam), {"do": "void", "sitting": sitting.pk, "reason": "the wrong room"}
    shift = client.post(address, form).context["shift"]
    assert (shift.before.percent, shift.after.percent, Void.objects.count()) == ("50.0", "0.0", 0)
    client.post(address, {**form, "confirmed": "1"})
    assert Sitting.objects.get().is_void is True
    browser = Client()
    browser.force_login(learner)
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert "Your earlier exam does not count." in page
    assert "the wrong room" in page
    client.post(address, {**form, "do": "undo_void", "confirmed": "1"})
    assert course_grade(learner.pk, course.pk).percent == "50.0"


def test_a_longer_exam_is_set_shown_and_applied_to_the_next_start(client, course, learner):
    exam = make.make_exam(course=course)
    address = reverse("accommodation", args=["deep", learner.pk])
    assert client.post(address, {"multiplier": "11", "reason": "r"}).status_code == 400
    assert client.post(address, {"multiplier": "1.5", "reason": ""}).status_code == 400
    assert Accommodation.objects.count() == 0
    assert client.post(address, {"multiplier": "1.5", "reason": "a certificate"}).status_code == 302
    assert "60 minutes → 90 minutes" in text_of(client, address)
    browser = Client()
    browser.force_login(learner)
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert "You have 90 minutes and cannot pause" in page
    assert "You have 1.50 times the usual time." in page
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    assert (sitting.deadline_at - sitting.started_at).total_seconds() == 90 * 60
    assert client.post(address, {"multiplier": "1", "reason": "it ran out"}).status_code == 302
    assert list(Accommodation.objects.order_by("pk").values_list("multiplier", flat=True)) == [Decimal("1.5"), 1]
    assert "it ran out" in text_of(client, address)


def test_a_learner_or_an_assessment_of_another_course_is_not_there(client, course, learner):
    other = make.make_course()
    foreign = make.make_review(course=other)
    stranger = make.enroll(course=other)
    review = make.make_review(course=course)
    addresses = [cell(learner, foreign), cell(stranger, review), reverse("accommodation", args=["deep", stranger.pk])]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_reviews_evidence_is_titled_by_its_module(client):
    review = make.make_review(course=make.make_course())
    learner = make.enroll(course=review.course)
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    page = client.get(reverse("gradebook_cell", args=[review.course.slug, learner.pk, review.pk]))
    assert page.context["title"] == f"{review.module.title}: {review.title}"


def test_a_cell_tells_of_each_pause_and_how_it_ended(client, course, learner, teacher):
    exam = make.make_exam(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    facts = {"course": course, "sitting_ids": None, "author": teacher}
    minute = timedelta(minutes=1)
    with time_machine.travel(NOW + 20 * minute, tick=False):
        services.pause_sittings(hours=1, reason="the alarm rang", now=NOW + 10 * minute, **facts)
        page = plain(text_of(client, cell(learner, exam)))
        assert "paused this exam on 24 Nov 2026, 12:10: the alarm rang" in page
        assert "The clock continues on 24 Nov 2026, 13:10 at the latest." in page
        services.resume_sitting(learner=learner, sitting_id=sitting.pk, now=NOW + 15 * minute)
        page = plain(text_of(client, cell(learner, exam)))
        assert "resumed it on 24 Nov 2026, 12:15. The new end is 24 Nov 2026, 13:05." in page
        services.pause_sittings(hours=1, reason="again", now=NOW + 20 * minute, **facts)
    with time_machine.travel(NOW + 300 * minute, tick=False):
        page = plain(text_of(client, cell(learner, exam)))
        assert (
            "Nobody resumed it, so the clock continued on 24 Nov 2026, 13:20. The new end is 24 Nov 2026, 14:05."
            in page
        )


def plain(page):
    return " ".join(re.sub(r"<[^>]+>", "", page).split())
