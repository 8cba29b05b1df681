"""Ten minutes of practice by keyboard alone, on a phone and on a desktop: from the outline to “Done for today”."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grading.models import GradeChange, Score
from practice.models import PracticeMemory
from quizzes.services import check_response
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def questions(course, learner):
    """Return two questions that the learner never had right."""
    review = make.make_review(course=course, kinds=["single_choice", "numeric"], module=course.modules.first())
    for question in review.questions.all():
        for number in range(1, question.current.attempts_limit + 1):
            response = make.wrong(question, variant=number)
            check_response(
                learner=learner, question_id=question.pk, response=response, number=number, now=timezone.now()
            )
    return list(review.questions.order_by("position"))


def press_until_focused(page: Page, name: str) -> None:
    """Move the focus with Tab to the button or link with this name, and press Enter."""
    target = page.get_by_role("main").get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("(element) => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=str)
def test_a_day_of_practice_by_keyboard(open_page, course, learner, questions, look):
    graded = list(Score.objects.values()), list(GradeChange.objects.values())
    page = open_page(look, learner)
    page.goto(f"/courses/{course.slug}/")
    press_until_focused(page, "Practice for ten minutes")
    expect(page.get_by_role("heading", name="Today: 2 questions", exact=False)).to_be_visible()
    look_at(page, "practice-today", look)
    press_until_focused(page, "Start")
    for number in (1, 2):
        expect(page.get_by_role("heading", name=f"Question {number} of 2")).to_be_visible()
        answer_by_keyboard(page)
        expect(page.locator("#verdict")).to_contain_text("Your grade stays as it is.")
        expect(page.get_by_role("link", name="Finish" if number == 2 else "Next question")).to_be_focused()
        look_at(page, f"practice-verdict-{number}", look)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done for today")).to_be_visible()
    expect(page.get_by_text("Next: tomorrow, 2 questions.")).to_be_visible()
    look_at(page, "practice-done", look)
    assert PracticeMemory.objects.filter(user=learner).count() == 2
    assert (list(Score.objects.values()), list(GradeChange.objects.values())) == graded


def answer_by_keyboard(page: Page) -> None:
    """Choose an option or type a number, and send it with Enter."""
    option, field = page.get_by_role("radio").first, page.get_by_role("textbox").first
    expect(option.or_(field)).to_be_visible()
    control = option if option.count() else field
    for _ in range(60):
        if control.evaluate("(element) => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space") if option.count() else page.keyboard.type("7")
    page.keyboard.press("Enter")


def test_before_any_final_question_the_page_says_what_comes_here(open_page, course, learner):
    page = open_page(PHONE, learner)
    page.goto(f"/courses/{course.slug}/practice/")
    expect(page.get_by_role("heading", name="Nothing to practice yet")).to_be_visible()
    look_at(page, "practice-empty", PHONE)
