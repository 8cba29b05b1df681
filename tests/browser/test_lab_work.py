"""A learner runs code in a lab, and the instructor opens it: the code, what changed, the output, the tests."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs.models import Run
from records.models import AuditEntry
from tests.browser import labs
from tests.browser.looks import DESKTOP, LOOKS
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.labs.conftest import live, own_folders, runner
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def lab(course):
    return labs.make_demo_lab(course)


def write(page, number, code):
    page.locator(f"[data-cell='{number}'] .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def opened(page, course, learner, lab):
    """Open the learner's lab from their page, with a reason, by keyboard."""
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/")
    page.get_by_role("link", name=lab.title).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reason").fill("They asked for help.")
    page.get_by_role("button", name="Open the lab").press("Enter")
    expect(page.get_by_role("heading", name="Time line")).to_be_visible()


def test_what_a_learner_ran_is_what_the_instructor_sees(open_page, runner, live, course, learner, lab):
    live.worker()
    theirs = open_page(DESKTOP, learner)
    theirs.goto(f"/labs/{lab.pk}/")
    expect(theirs.get_by_role("button", name="Run all")).to_be_visible()
    for answer in ("41", "42"):
        write(theirs, 2, f"print('the answer')\nprint({answer})")
        theirs.keyboard.press("Control+Enter")
        expect(theirs.get_by_role("group", name="Output of cell 1")).to_contain_text(answer)
    expect(theirs.locator("span[data-busy]")).to_contain_text("Cell 1: Ran")
    page = open_page(DESKTOP, instructor_of(course))
    opened(page, course, learner, lab)
    expect(page.locator(".diff .removed")).to_contain_text("print(41)")
    expect(page.locator(".diff .added")).to_contain_text("print(42)")
    expect(page.get_by_role("group", name="Output")).to_contain_text("the answer")
    page.get_by_role("link", name="the earlier run").click()
    expect(page.get_by_role("group", name="Output")).to_contain_text("41")
    expect(page.locator(".time-line [aria-current]")).to_have_count(1)
    assert AuditEntry.objects.get().reason == "They asked for help."


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_learners_work_shows_every_kind_of_output(open_page, course, learner, lab, look):
    labs.make_past(lab, learner)
    Run.objects.update(started_at=timezone.now() - timedelta(seconds=2))
    page = open_page(look, instructor_of(course))
    opened(page, course, learner, lab)
    expect(page.get_by_role("region", name="Results of the tests")).to_be_visible()
    look_at(page, "work-lab-tests", look)
    page.get_by_role("link", name="Cell 1, Succeeded").click()
    expect(page.get_by_role("group", name="Output").locator("img")).to_be_visible()
    look_at(page, "work-lab", look)
    page.get_by_role("link", name="Cell 2, Error").click()
    expect(page.get_by_text("A matrix product needs as many columns")).to_be_visible()
