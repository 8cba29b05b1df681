"""An instructor's week, from the dashboard to the figures, in a real browser."""

import csv
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grading.models import Score
from people.models import Enrollment
from quizzes import services
from quizzes.models import QuestionReport, Regrade, Sitting
from records.models import AuditEntry
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
WRONGLY_KEYED = {
    "options": [
        {"text": "3 weights", "right": True, "why": "One for each input."},
        {"text": "4 weights", "why": "One for each input, and the bias."},
        {"text": "1 weight", "why": "A line has one."},
    ]
}


@pytest.fixture
def teacher(course):
    person = make.make_user(username="ines", is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=timezone.now())
    return person


@pytest.fixture
def keyed(course):
    """A question whose author marked the wrong option. Twelve answered it, and the eight best learners chose the right one."""
    review = demo.review_of(course)
    question = demo.ask(
        review,
        "single_choice",
        "A neuron has three inputs and a bias. How many numbers does it learn?",
        "Count.",
        WRONGLY_KEYED,
    )
    ids = {option["source"]: option["id"] for option in question.current.body["options"]}
    others = list(review.questions.filter(current__type__in=["numeric", "text", "true_false"]))
    for place in range(12):
        learner, knows = make.enroll(course=course), place < 8
        check(learner, question, ids["4 weights" if knows else "3 weights"])
        for other in others:
            check(learner, other, demo.response(other, is_right=knows))
    services.compute_analysis(assessment_id=review.pk, now=timezone.now())
    return question


def check(learner, question, response):
    services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=timezone.now())


def test_an_instructors_week(open_page, course, learner, teacher, keyed):
    sitting, _ = services.start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    services.report_question(learner=learner, question_id=keyed.pk, text="I count four numbers.", now=timezone.now())
    paper = open_page(DESKTOP, learner)
    paper.goto(f"/assessments/{sitting.assessment_id}/1/")
    desk = open_page(DESKTOP, teacher)
    desk.goto("/admin/")
    look_at(desk, "work-index", DESKTOP)
    desk.get_by_role("link", name=course.title).click()
    look_at(desk, "work-dashboard", DESKTOP)
    extend_the_exam(desk, paper, sitting)
    answer_the_report(desk, keyed)
    read_the_suspicion(desk, keyed)
    correct_the_key(desk, keyed)
    override_a_cell(desk, learner)
    take_the_table_home(desk, learner)
    read_the_figures_again(desk, course, keyed)
    read_the_audit(desk)


def tab(desk: Page, name: str) -> None:
    desk.get_by_role("navigation", name="Workplace").get_by_role("link", name=name, exact=True).click()


def extend_the_exam(desk: Page, paper: Page, sitting: Sitting) -> None:
    """Add ten minutes, which the learner's open page shows without a reload."""
    before = paper.locator("[data-ends]").inner_text()
    tab(desk, "Running exams")
    look_at(desk, "work-running", DESKTOP)
    desk.get_by_label("Minutes to add").fill("10")
    desk.get_by_label("Reason").fill("The projector failed.")
    desk.get_by_role("button", name="Preview for all").click()
    desk.get_by_role("button", name="Add 10 min to 1 exam").click()
    expect(desk.get_by_text("10 min more")).to_be_visible()
    expect(paper.locator("[data-ends]")).not_to_have_text(before)
    assert Sitting.objects.get(pk=sitting.pk).deadline_at > sitting.deadline_at


def answer_the_report(desk: Page, keyed) -> None:
    tab(desk, "Reports")
    look_at(desk, "work-reports", DESKTOP)
    desk.get_by_role("link", name=keyed.key).click()
    expect(desk.get_by_text("I count four numbers.")).to_be_visible()
    desk.get_by_label("Your reply").fill("You are right, the key was wrong. It is being corrected.")
    look_at(desk, "work-report", DESKTOP)
    desk.get_by_role("button", name="Send and close").click()
    expect(desk.get_by_text("Sent. The learner finds your reply")).to_be_visible()
    assert QuestionReport.objects.get().closed_at is not None


def read_the_suspicion(desk: Page, keyed) -> None:
    tab(desk, "Questions")
    look_at(desk, "work-analysis", DESKTOP)
    row = desk.get_by_role("row", name=re.compile(keyed.key))
    expect(row.get_by_text("Suspect key")).to_be_visible()
    row.get_by_role("link", name=keyed.key).click()
    look_at(desk, "work-question", DESKTOP)
    desk.get_by_role("link", name="Regrade").first.click()


def correct_the_key(desk: Page, keyed) -> None:
    """Dry run, apply, undo, apply: the grades match exactly each time."""
    original = grades()
    apply_the_key(desk, "work-regrade-dry-run")
    corrected = grades()
    assert corrected != original
    desk.get_by_label("Reason").fill("Too early: the course meets first.")
    desk.get_by_role("button", name="Dry run of the undo").click()
    look_at(desk, "work-regrade-undo", DESKTOP)
    desk.get_by_role("button", name="Undo the regrade").click()
    expect(desk.get_by_text("The regrade is undone.")).to_be_visible()
    assert grades() == original
    desk.goto(desk.get_by_role("link", name=keyed.key).get_attribute("href"))
    apply_the_key(desk, "work-regrade-again")
    assert (grades(), Regrade.objects.count()) == (corrected, 3)


def apply_the_key(desk: Page, name: str) -> None:
    desk.get_by_label("Another response is correct instead").check()
    desk.get_by_label("4 weights").check()
    desk.get_by_label("Allow this regrade to lower points").check()
    desk.get_by_label("Reason").fill("Three weights and a bias are four numbers.")
    desk.get_by_role("button", name="Dry run").click()
    expect(desk.get_by_role("heading", name="Dry run")).to_be_visible()
    look_at(desk, name, DESKTOP)
    desk.get_by_role("button", name="Apply the regrade").click()
    expect(desk.get_by_text("The regrade is applied.")).to_be_visible()


def grades() -> list[tuple]:
    fields = ("item", "learner", "points_earned", "points_possible", "points_answered", "winnable", "state")
    return list(Score.objects.order_by("pk").values_list(*fields))


def override_a_cell(desk: Page, learner) -> None:
    tab(desk, "Gradebook")
    look_at(desk, "work-gradebook", DESKTOP)
    row = desk.get_by_role("row", name=re.compile(learner.name))
    row.locator("a.cell").first.click()
    form = desk.locator("form", has=desk.get_by_label("Points"))
    form.get_by_label("Points").fill("5")
    form.get_by_label("Reason").fill("Answered on paper while the network was down.")
    form.get_by_role("button", name="Preview").click()
    expect(desk.get_by_text("Nothing is saved yet.")).to_be_visible()
    look_at(desk, "work-override", DESKTOP)
    desk.get_by_role("button", name="Give these points").click()
    expect(desk.get_by_text("Saved with your reason")).to_be_visible()


def take_the_table_home(desk: Page, learner) -> None:
    tab(desk, "Gradebook")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download grades (CSV)").click()
    with open(download.value.path(), newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    mine = next(row for row in rows if row["username"] == learner.username)
    assert (len(rows), mine["Review questions of module 1"]) == (13, "55.5")  # 5 of 9


def read_the_figures_again(desk: Page, course, keyed) -> None:
    services.compute_analysis(assessment_id=keyed.assessment_id, now=timezone.now())
    tab(desk, "Questions")
    row = desk.get_by_role("row", name=re.compile(keyed.key))
    expect(row.get_by_text("regraded")).to_be_visible()
    expect(row.get_by_text("Suspect key")).to_have_count(0)


def read_the_audit(desk: Page) -> None:
    tab(desk, "Audit")
    look_at(desk, "work-audit", DESKTOP)
    found = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"answer_report"} <= found
    assert desk.get_by_role("row").count() == AuditEntry.objects.count() + 1
