"""A lab as a screen reader reads it: what the page holds, and what is announced of runs, tests and saves."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from labs.models import Run
from tests.browser.labs import TESTS, going_on, make_demo_lab, make_past, ours
from tests.browser.looks import PHONE
from tests.browser.reading import RECORD_ANNOUNCEMENTS, TOO_SMALL, missing_from, read_aloud, unclear
from tests.browser.streaming import site
from tests.browser.test_lab_page import cell, opened, say, write
from tests.rounds import second_round

__all__ = ["site"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

LAB = [
    'heading "Fit a line" [level=1]',
    'region "Tests"',
    "listitem: The model gives the height of any line",
    'toolbar "Notebook"',
    'button "Run all"',
    'button "Stop" [disabled]',
    'button "Run tests"',
    'region "Text 1"',
    'region "Cell 1"',
    'link "Ask about cell 1"',
    'button "Run: Cell 1"',
    'textbox "Code of cell 1. Tab moves on. Press Enter to edit; then Escape and Tab leave the editor"',
    'region "Cell 2"',
    'navigation "Pages before and after"',
]


@pytest.fixture
def lab(course):
    return make_demo_lab(course)


@pytest.fixture
def page(open_page, learner):
    page = open_page(user=learner)
    page.add_init_script(RECORD_ANNOUNCEMENTS)
    return page


def announcer(page: Page) -> Locator:
    return page.locator("[data-announcer]")


def heard(page: Page) -> list[str]:
    """Return what was announced so far, with every time written as 0."""
    return [re.sub(r"\d+(\.\d+)? s\b", "0 s", text) for text in page.evaluate("heard")]


def end(run: Run, verdict: str, tests: list | None = None) -> None:
    say(run, "finished", verdict=verdict, message="", tests=tests)
    Run.objects.filter(pk=run.pk).update(state="finished", verdict=verdict, finished_at=timezone.now())


def test_a_lab_reads_in_order_and_makes_sense_by_ear(page, lab):
    lines = read_aloud(opened(page, lab))
    assert (missing_from(lines, LAB), unclear(lines)) == ([], [])


def test_a_run_its_output_and_its_verdict_are_announced(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    expect(announcer(page)).to_have_text("Cell 1: Running")
    say(run, "cell", cell="2", state="started")
    say(run, "frame", cell="2", data=ours("stream", {"name": "stdout"}, "the slope\nis 3\n"))
    say(run, "cell", cell="2", state="succeeded")
    end(run, "succeeded")
    expect(announcer(page)).to_have_text(re.compile(r"^Cell 1: Ran(, .+)?\. the slope is 3$"))
    assert any(line.startswith('group "Output of cell 1"') for line in read_aloud(cell(page, 2)))
    assert [text for text in heard(page) if "slope" in text] == [heard(page)[-1]]  # once, not line by line


def test_a_long_output_is_announced_by_its_beginning(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "frame", cell="2", data=ours("stream", {"name": "stdout"}, "step\n" * 500))
    say(run, "cell", cell="2", state="succeeded")
    end(run, "succeeded")
    expect(announcer(page)).to_have_text(re.compile(r"Ran\. (step )+"))
    assert len(announcer(page).text_content()) < 300


def test_the_tests_are_announced_when_they_start_and_with_their_result(page, learner, lab):
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(mode="test", session=None)
    opened(page, lab)
    say(run, "started")
    expect(announcer(page)).to_have_text("The tests are running")
    end(run, "succeeded", TESTS)
    expect(announcer(page)).to_have_text("1 of 2 tests passed")
    assert any("predict works for one number as for many." in line for line in read_aloud(page))


def test_only_the_first_of_many_saves_is_announced(page, lab):
    opened(page, lab)
    shown = page.locator(".toolbar [data-status]")
    for number in range(3):
        with page.expect_response("**/draft/"):
            write(page, 4, f"x = {number}")
        expect(shown).to_contain_text("Saved")
    assert heard(page) == ["Saved"]
    live = page.locator("[aria-live], [role=status], [role=alert]")
    assert live.filter(has_text=re.compile(r"\d\d:\d\d")).count() == 0


def test_a_finger_hits_every_control_of_a_lab(open_page, learner, lab):
    make_past(lab, learner)
    page = opened(open_page(PHONE, learner, has_touch=True, is_mobile=True), lab)
    for name in ("Files", "Charts", "History", "Notebook"):
        page.get_by_role("heading", name=name, exact=True).click()
    expect(page.locator("[data-history] li")).to_have_count(4)
    expect(cell(page, 2).locator("iframe")).to_be_visible()
    assert page.evaluate(TOO_SMALL) == []
