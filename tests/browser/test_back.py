"""Back in the browser shows the current state: no used attempt as unused, no outdated code."""

import pytest
from playwright.sync_api import expect

from bench.rig.chromium import ARGUMENTS
from labs.models import LabDraft
from labs.services import save_lab_draft
from tests.browser import course as demo
from tests.browser.conftest import SLOW
from tests.browser.labs import make_demo_lab
from tests.browser.test_lab_page import SAVED, cell, opened, write
from tests.browser.visitors import sign_in
from tests.factories import NOW
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture(params=[[], ["--disable-back-forward-cache"]], ids=["from-its-cache", "frozen"])
def page(request, chromium, chrome, site, learner):
    """A learner's page, in a browser that goes back to cached pages, and in one that freezes the pages it leaves.

    Playwright tells Chromium not to freeze pages; this option is removed for the second browser.
    """
    options = {"executable_path": chromium, "args": ARGUMENTS, "ignore_default_args": request.param}
    with chrome.browser_type.launch(**options) as browser:
        context = browser.new_context(base_url=site)
        context.set_default_timeout(SLOW)
        sign_in(context, learner, site)
        yield context.new_page()


def go_back(page):
    # Playwright's own method waits for a load event, which a frozen page does not fire. The page answers before it leaves.
    page.evaluate("void setTimeout(() => history.back())")


def card_of(page, question):
    return page.locator(f"[id='q-{question.pk}-card']")


def test_back_after_a_check_shows_the_spent_attempt(page, course):
    review = demo.review_of(course)
    question = review.questions.get(current__type="numeric")
    page.goto(f"/assessments/{review.pk}/")
    card_of(page, question).locator("input.field").fill("7")
    card_of(page, question).locator("[data-check]").click()
    expect(card_of(page, question)).to_contain_text("Final Check")
    page.goto("/about/")
    go_back(page)
    expect(card_of(page, question)).to_contain_text("Final Check")
    expect(card_of(page, question)).to_contain_text("Already tried, incorrect: 7")
    expect(page.locator(f"[data-nav] [data-question='{question.pk}']")).to_have_class("again")


def test_back_shows_checks_made_elsewhere_since(page, course):
    review = demo.review_of(course)
    question = review.questions.get(current__type="numeric")
    page.goto(f"/assessments/{review.pk}/")
    page.goto("/about/")
    other = page.context.new_page()
    other.goto(f"/assessments/{review.pk}/")
    card_of(other, question).locator("input.field").fill("7")
    card_of(other, question).locator("[data-check]").click()
    expect(card_of(other, question)).to_contain_text("Final Check")
    go_back(page)
    expect(card_of(page, question)).to_contain_text("Final Check")


def test_back_to_a_lab_shows_the_present_code(page, course):
    lab = make_demo_lab(course)
    opened(page, lab)
    write(page, 2, "present = 1")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    page.goto("/about/")
    go_back(page)
    expect(cell(page, 2).locator(".cm-line")).to_have_text(["present = 1"])


def test_back_to_a_lab_shows_the_code_that_was_saved_elsewhere_since(page, course, learner):
    lab = make_demo_lab(course)
    opened(page, lab)
    expect(cell(page, 2).locator(".cm-line").first).to_have_text("import numpy as np")
    page.goto("/about/")
    newer = [{"id": each, "source": f"newer = {each}"} for each in ("2", "4", "6")]
    save_lab_draft(learner=learner, lab=lab, cells=newer, revision=0, now=NOW)
    go_back(page)
    expect(cell(page, 2).locator(".cm-line")).to_have_text(["newer = 2"])
    write(page, 2, "newest = 2")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert [each["source"] for each in LabDraft.objects.get().cells] == ["newest = 2", "newer = 4", "newer = 6"]


def test_after_a_sign_out_back_shows_nothing_of_the_account(page, course):
    page.goto("/settings/")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    go_back(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
