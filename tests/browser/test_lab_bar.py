"""The bar of a lab: it says how the latest run ended and leads to the first failure, also on a phone that shows something else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from labs.models import Run
from labs.services import save_lab_draft
from tests.browser import labs
from tests.browser.labs import ERROR, TESTS, going_on, make_demo_lab, make_past, ours
from tests.browser.looks import PHONE
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.browser.test_lab_aloud import end
from tests.browser.test_lab_page import all_going_on, cell, opened, say, write
from tests.rounds import second_round

__all__ = ["site"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

FAULT = f"InvalidArgumentError: {ERROR['message']}"
RAISED = ours("error", {**ERROR, "frames": [{**ERROR["frames"][0], "cell": "2"}]}, "InvalidArgumentError")


@pytest.fixture
def lab(course):
    return make_demo_lab(course)


@pytest.fixture
def page(open_page, learner):
    return open_page(PHONE, learner)


def bar(page: Page) -> Locator:
    return page.locator(".toolbar [data-busy]")


def started_tests(lab, learner) -> Run:
    """Return a run of the tests that a worker has claimed."""
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(mode="test", session=None)
    return run


def see_the_end(page: Page) -> None:
    page.get_by_role("heading", name="Notebook", exact=True).scroll_into_view_if_needed()


def follow_to(page: Page, name: str, target: Locator) -> None:
    """From the end of the page, follow the link in the bar and arrive at what it names."""
    expect(bar(page)).to_have_text(name)
    see_the_end(page)
    expect(target).not_to_be_in_viewport()
    bar(page).get_by_role("link", name=name, exact=True).click()
    expect(target).to_be_in_viewport(ratio=1)
    expect(target).to_be_focused()


def test_the_bar_leads_to_the_first_test_that_did_not_pass(page, learner, lab):
    run = started_tests(lab, learner)
    opened(page, lab)
    say(run, "started")
    expect(bar(page)).to_have_text("Busy")
    end(run, "succeeded", TESTS)
    second = page.locator("[data-tests] li").nth(1)
    follow_to(page, "Not passed: It takes a single point, too", second)
    expect(second).to_contain_text("predict works for one number as for many.")
    look_at(page, "lab-first-failure", PHONE)


def test_the_bar_says_that_all_tests_passed_and_leads_to_the_next_step(page, learner, lab):
    run = started_tests(lab, learner)
    opened(page, lab)
    say(run, "started")
    end(run, "succeeded", [{**test, "verdict": "passed", "message": ""} for test in TESTS])
    follow_to(page, "All tests passed. The lab is done.", page.locator("[data-tests-note]"))


def test_the_bar_leads_to_the_error_that_stopped_the_tests(page, learner, lab):
    run = started_tests(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "frame", cell="4", data=ours("error", ERROR, "InvalidArgumentError"))
    end(run, "failed")
    traceback = page.locator("[data-tests-output] .error")
    follow_to(page, f"The tests stopped at cell 2: {FAULT}", traceback)
    expect(traceback.get_by_role("button", name="Cell 2, line 2, predict")).to_be_visible()
    write(page, 4, "def predict(x, a, b):\n    return a * x + b")
    expect(traceback).to_have_count(0)
    expect(bar(page)).to_have_text("Ready")


def test_after_an_error_the_bar_leads_to_it_until_the_code_of_its_cell_changes(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    say(run, "frame", cell="2", data=ours("stream", {"name": "stdout"}, "before the error\n"))
    say(run, "frame", cell="2", data=RAISED)
    expect(cell(page, 2).locator(".error")).to_be_visible()
    expect(bar(page)).to_have_text("Busy")
    before = cell(page, 2).bounding_box()
    end(run, "failed")
    expect(bar(page)).to_have_text(f"Cell 1: {FAULT}")
    assert cell(page, 2).bounding_box()["y"] == before["y"]  # the bar has not grown
    follow_to(page, f"Cell 1: {FAULT}", cell(page, 2).locator(".error"))
    write(page, 2, "x = 1")
    expect(cell(page, 2).locator(".error")).to_have_count(0)
    expect(cell(page, 2)).to_contain_text("before the error")
    expect(cell(page, 2).locator(".state.push")).to_have_text("Changed since it ran")
    expect(bar(page)).to_have_text("Ready")


@pytest.mark.parametrize("number", [2, 30])
def test_the_bar_does_not_cover_the_line_of_an_error(page, learner, lab, number):
    run = going_on(lab, learner)
    opened(page, lab)
    write(page, 2, "\n".join(f"line = {n}" for n in range(1, 61)))
    frame = {**ERROR["frames"][0], "cell": "2", "line": number}
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    say(run, "frame", cell="2", data=ours("error", {**ERROR, "frames": [frame]}, "InvalidArgumentError"))
    end(run, "failed")
    see_the_end(page)
    cell(page, 2).get_by_role("button", name=re.compile(f"line {number}\\b")).click()
    line = cell(page, 2).locator(".cm-line", has_text=re.compile(f"^line = {number}$"))
    expect(line).to_be_in_viewport(ratio=1)
    toolbar = page.locator(".toolbar").bounding_box()
    assert line.bounding_box()["y"] >= toolbar["y"] + toolbar["height"]


def test_the_bar_says_that_a_cell_ran_although_another_one_failed_before(page, learner, lab):
    make_past(lab, learner)
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    say(run, "cell", cell="2", state="succeeded")
    end(run, "succeeded")
    expect(bar(page).get_by_role("link")).to_contain_text("Cell 1: Ran")


def test_the_bar_says_that_all_cells_ran(page, learner, lab):
    run = all_going_on(lab, learner)
    opened(page, lab)
    for number in ("2", "4", "6"):
        say(run, "cell", cell=number, state="succeeded")
    end(run, "succeeded")
    expect(bar(page)).to_have_text("All cells ran")


def test_a_reload_shows_the_first_error_that_is_still_true(page, learner, lab):
    make_past(lab, learner)
    opened(page, lab)
    expect(bar(page)).to_have_text(f"Cell 2: {FAULT}")
    page.reload()
    expect(bar(page)).to_have_text(f"Cell 2: {FAULT}")
    cells = [{"id": number, "source": labs.starter(lab, number)} for number in ("2", "6")]
    mended = [*cells, {"id": "4", "source": "def predict(x, a, b):\n    return a * x + b"}]
    save_lab_draft(learner=learner, lab=lab, cells=mended, revision=0, now=timezone.now())
    page.reload()
    expect(bar(page)).to_have_text("Cell 3: Time limit")
    expect(cell(page, 4).locator(".state.push")).to_have_text("Changed since it ran")
    expect(page.locator(".error")).to_have_count(0)


def test_a_long_error_takes_one_line_of_the_bar(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "frame", cell="2", data=ours("error", {**ERROR, "message": f"{'long ' * 40}\nsecond line"}))
    end(run, "failed")
    link = bar(page).get_by_role("link", name="Cell 1: InvalidArgumentError: long long")
    assert link.bounding_box()["height"] <= 44
    assert "second line" not in link.inner_text()


def test_cells_of_text_are_not_counted_and_a_cell_has_one_name(page, learner, lab):
    make_past(lab, learner)
    opened(page, lab)
    shown = page.locator("[data-cell] .code > header > .data")
    assert shown.all_inner_texts() == ["Cell 1", "Cell 2", "Cell 3"]
    regions = page.locator("[data-cells] > section")
    named = ["Text 1", "Cell 1", "Text 2", "Cell 2", "Text 3", "Cell 3"]
    assert regions.evaluate_all("cells => cells.map((cell) => cell.getAttribute('aria-label').trim())") == named
    expect(cell(page, 4).get_by_role("button", name="Cell 2, line 2, predict")).to_be_visible()
    expect(cell(page, 4).get_by_role("group", name="Output of cell 2")).to_be_visible()


def test_a_phone_that_cannot_save_is_led_to_the_choice_between_two_versions(page, learner, lab):
    theirs = [{"id": number, "source": f"there = {number}"} for number in ("2", "4", "6")]
    opened(page, lab)
    save_lab_draft(learner=learner, lab=lab, cells=theirs, revision=0, now=timezone.now())
    write(page, 6, "here = 6")
    status = page.locator(".toolbar [data-status]")
    expect(status).to_have_text("Not saved: choose a version")
    see_the_end(page)
    choice = page.get_by_role("alert").filter(has_text="You saved another version")
    expect(choice).not_to_be_in_viewport()
    status.get_by_role("link").click()
    expect(choice).to_be_in_viewport()
    expect(choice).to_be_focused()
    look_at(page, "lab-choice", PHONE)
    choice.get_by_role("button", name="Use the other version").click()
    expect(status).to_have_text("Saved")


def test_after_a_reload_the_running_time_counts_from_the_start_of_the_run(page, learner, lab):
    run = going_on(lab, learner)
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(seconds=40))
    for event in ({"event": "started"}, {"event": "cell", "cell": "2", "state": "started"}):
        say(run, **event)
    opened(page, lab)
    expect(cell(page, 2)).to_contain_text(re.compile(r"Running, [45]\d s"))
