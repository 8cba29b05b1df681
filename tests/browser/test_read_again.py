"""After a wrong response, the keyboard leads to the section that teaches the question, and Back to the question itself."""

from dataclasses import asdict

import pytest
from playwright.sync_api import expect

from course.markup import render_page
from course.models import Lesson
from tests.browser import course as demo
from tests.browser.looks import LOOKS
from tests.browser.shots import overflow
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
LONG = "\n\n".join(["A line has a slope and an intercept."] * 60)
TEXT = f"{LONG}\n\n## How wrong a line is\n\n{LONG}\n"


@pytest.fixture
def question(course):
    """A question that is taught in the middle of a long lesson."""
    page, asked = render_page(TEXT), demo.review_of(course).questions.get(current__type="numeric")
    lesson = Lesson.objects.get(title="Linear regression")
    lesson.html, lesson.contents = page.html, [asdict(heading) for heading in page.contents]
    lesson.save()
    asked.taught_in = f"{lesson.key}#how-wrong-a-line-is"
    asked.save()
    return asked


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_next_tab_is_the_link_which_opens_the_section_and_back_returns(open_page, learner, question, look):
    page = open_page(look, learner)
    page.goto(f"/assessments/{question.assessment_id}/")
    card = page.locator(f"[id='q-{question.pk}-card']")
    card.locator("input.field").fill("7")
    card.locator("[data-check]").click()
    expect(page.locator(":focus")).to_have_text("Not quite. One attempt left.")
    page.keyboard.press("Tab")
    link = card.get_by_role("link", name="Linear regression: How wrong a line is")
    expect(link).to_be_focused()
    assert overflow(page) == 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How wrong a line is")).to_be_in_viewport()
    page.go_back()
    expect(link).to_be_in_viewport()
