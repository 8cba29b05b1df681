"""Typing a response that cannot be graded changes the exam's page at once."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.services import start_sitting
from tests.browser import course as demo
from tests.browser.test_exam import SAVED, box, open_question, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sitting(course, learner):
    begun, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    return begun


def test_typing_what_is_no_number_changes_chip_and_navigator_at_once(open_page, learner, sitting):
    page = open_page(user=learner)
    row = open_question(page, sitting, "numeric")
    card = page.locator(f"[id='q-{row.question_id}']")
    cell = page.locator(f"[data-nav] [data-question='{row.question_id}']")
    box(page, row).fill("abc")
    expect(card.locator("[data-question-state]")).to_have_text("Saved, but not a number")
    expect(card.locator("[data-saved]")).to_have_text("Saved, but not a number: it earns no points as it is")
    expect(cell).to_have_attribute("data-standing", "unreadable")
    expect(cell).to_have_accessible_name(re.compile("saved, but cannot be graded"))
    expect(page.locator("[data-count='unreadable']")).to_have_text("1")
    page.reload()
    expect(card.locator("[data-saved]")).to_have_text("Saved, but not a number: it earns no points as it is")
    box(page, row).fill("0.5")
    expect(card.locator("[data-saved]")).to_have_text(SAVED)
    expect(cell).to_have_attribute("data-standing", "saved")
    expect(page.locator("[data-count='unreadable']")).to_be_hidden()
    assert stored(row) == "0.5"
