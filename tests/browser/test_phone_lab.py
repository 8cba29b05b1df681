"""A lab on a phone: it opens with its instruction, the tests are one line, and the bar is one row of buttons."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.labs import TESTS, going_on, make_demo_lab, make_past
from tests.browser.looks import DESKTOP, NARROW, PHONE
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.browser.test_lab_aloud import end
from tests.browser.test_lab_bar import RAISED, bar, started_tests
from tests.browser.test_lab_page import cell, opened, say
from tests.rounds import second_round

__all__ = ["site"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

ROW = 56  # pixels, where a finger needs 44
LINE = 44  # what says how a run ended


@pytest.fixture
def lab(course):
    return make_demo_lab(course)


@pytest.fixture
def page(open_page, learner):
    return open_page(PHONE, learner, has_touch=True, is_mobile=True)


def top(page: Page, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["y"]


def height(page: Page, selector: str = ".toolbar") -> float:
    return page.locator(selector).bounding_box()["height"]


def first_words(page: Page) -> Locator:
    return page.get_by_text("You have points that lie almost on a line")


def test_a_lab_opens_with_its_instruction_on_a_phone(page, lab):
    opened(page, lab)
    expect(first_words(page)).to_be_in_viewport(ratio=1)
    assert top(page, "[data-cells]") <= PHONE.height / 2
    expect(cell(page, 2)).to_be_in_viewport()
    look_at(page, "phone-lab", PHONE)


def test_the_tests_of_a_lab_are_one_line_on_a_phone_and_open_by_a_tap(page, lab):
    opened(page, lab)
    tests = page.locator(".lab-tests")
    expect(tests.locator("[data-tests-count]")).to_have_text("0 of 2")
    expect(tests.locator("[data-tests]")).to_be_hidden()
    assert height(page, ".lab-tests") <= ROW
    tests.get_by_text("Tests", exact=True).tap()
    expect(tests.get_by_text("It takes a single point, too")).to_be_visible()
    look_at(page, "phone-lab-tests", PHONE)


def test_the_count_of_tests_comes_with_the_page(page, learner, lab):
    make_past(lab, learner)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/labs/{lab.pk}/")
    expect(page.locator("[data-tests-count]")).to_have_text("1 of 2")
    expect(page.locator("[data-score]")).to_have_text("1 of 2")


def test_beside_the_cells_the_tests_are_open_and_no_stop_for_the_keyboard(open_page, learner, lab):
    page = opened(open_page(DESKTOP, learner), lab)
    tests = page.locator(".lab-tests")
    expect(tests.get_by_text("It takes a single point, too")).to_be_visible()
    tests.get_by_role("heading", name="Tests").click(force=True)
    expect(tests.get_by_text("It takes a single point, too")).to_be_visible()
    assert tests.locator("summary").evaluate(
        "(summary) => { summary.focus(); return document.activeElement !== summary; }"
    )


def test_the_bar_of_a_lab_is_one_row_on_a_phone_before_during_and_after_a_run(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    say(run, "cell", cell="2", state="started")
    expect(bar(page)).to_have_text("Busy")
    expect(page.get_by_role("button", name="Run all")).to_be_hidden()
    expect(page.locator("[data-tool]").get_by_role("button", name="Stop")).to_be_visible()
    assert height(page) <= ROW
    before = cell(page, 2).bounding_box()["y"]
    say(run, "frame", cell="2", data=RAISED)
    end(run, "failed")
    line = bar(page).get_by_role("link")
    expect(line).to_be_visible()
    expect(page.get_by_role("button", name="Run all")).to_be_visible()
    assert (height(page) <= ROW, bar(page).bounding_box()["height"]) == (True, LINE)
    assert cell(page, 2).bounding_box()["y"] == before  # the line takes room where nothing else is
    look_at(page, "phone-lab-failed", PHONE)


def test_run_all_and_stop_take_turns_with_the_focus_and_the_page_stays_where_it_is(page, learner, lab):
    run = going_on(lab, learner)
    opened(page, lab)
    say(run, "started")
    stop = page.locator("[data-tool]").get_by_role("button", name="Stop")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    stop.evaluate("(stop) => stop.focus({ preventScroll: true })")
    end(run, "succeeded")
    expect(page.get_by_role("button", name="Run all")).to_be_focused()
    expect(stop).to_be_hidden()
    expect(cell(page, 6)).to_be_in_viewport()
    expect(first_words(page)).not_to_be_in_viewport()


def test_the_bar_takes_a_sixth_of_the_height_at_400_percent(open_page, learner, lab):
    run = started_tests(lab, learner)
    page = opened(open_page(NARROW, learner), lab)
    page.set_viewport_size({"width": 320, "height": 256})
    say(run, "started")
    assert height(page) <= 256 / 6
    end(run, "succeeded", TESTS)
    expect(bar(page).get_by_role("link")).to_contain_text("Not passed")
    assert height(page) + bar(page).bounding_box()["height"] <= 256 / 3


def test_the_link_of_the_bar_opens_the_tests_and_leads_to_the_one_that_failed(page, learner, lab):
    run = started_tests(lab, learner)
    opened(page, lab)
    say(run, "started")
    end(run, "succeeded", TESTS)
    second = page.locator("[data-tests] li").nth(1)
    expect(second).to_be_hidden()
    bar(page).get_by_role("link", name="Not passed: It takes a single point, too").tap()
    expect(second).to_be_in_viewport(ratio=1)
    expect(second).to_be_focused()


def test_the_count_in_the_bar_opens_the_tests(page, lab):
    opened(page, lab)
    page.get_by_role("toolbar").get_by_role("link", name="Tests passed: 0 of 2").tap()
    expect(page.locator("[data-tests] li").first).to_be_in_viewport()


def test_a_phone_resets_a_lab_at_the_end_of_the_cells(page, lab):
    opened(page, lab)
    page.get_by_role("button", name="Reset").tap()
    expect(page.get_by_role("dialog", name="Reset this lab?")).to_be_visible()
