"""Every page by keyboard alone: Tab reaches every control, visibly, and is never trapped."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import Lesson
from lessons.services import mark_lesson_done
from quizzes.services import start_sitting
from tests.browser import course as demo

pytestmark = pytest.mark.django_db(transaction=True)

# What Tab should reach: one radio button of each group, and nothing hidden or disabled.
USABLE = """
() => {
  const groups = new Set();
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  return [...all].filter((one) => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0) return false;
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== "radio") return true;
    const isNew = !groups.has(one.name);
    groups.add(one.name);
    return isNew;
  }).length;
}
"""
FOCUS = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.reached ??= new Map();
  if (!window.reached.has(one)) window.reached.set(one, window.reached.size);
  const style = getComputedStyle(one);
  return {number: window.reached.get(one), isShown: style.outlineStyle !== "none" || style.boxShadow !== "none"};
}
"""


def test_tab_reaches_everything_and_shows_where_it_is(open_page, course, learner):
    page = open_page(user=learner)
    lesson = Lesson.objects.last()
    mark_lesson_done(user=learner, lesson=lesson, now=timezone.now())  # its button disappears when Tab leaves it
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    for address in (
        "/",
        "/about/",
        f"/courses/{course.slug}/",
        f"/lessons/{lesson.pk}/",
        f"/courses/{course.slug}/progress/",
        f"/courses/{course.slug}/goal/",
        f"/assessments/{demo.review_of(course).pk}/",
        f"/assessments/{demo.review_of(course).pk}/attempts/",
        f"/assessments/{sitting.assessment_id}/1/",
        f"/assessments/{sitting.assessment_id}/hand-in/",
        "/search/?q=line",
        "/glossary/",
        "/keyboard/",
        "/settings/",
        "/settings/tokens/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/nothing-here/",
    ):
        page.goto(address)
        if page.locator("[data-notes]").count():  # the buttons for notes come once a reader does something
            page.keyboard.press("Shift")
            page.locator("[data-bookmark]").first.wait_for()
        for button in page.locator("[data-shows]").all():  # hidden until its script has come
            button.wait_for()
        usable = page.evaluate(USABLE)
        assert (address, walk(page, usable + 20)) == (address, usable)


def test_tab_reaches_everything_before_signing_in(open_page, course):
    page = open_page()
    for address in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/offline/"):
        page.goto(address)
        for button in page.locator("[data-shows]").all():
            button.wait_for()
        usable = page.evaluate(USABLE)
        assert (address, walk(page, usable + 20)) == (address, usable)


def test_single_keys_can_be_switched_off_and_on_again(open_page, course):
    page = open_page()
    page.goto("/about/")
    page.keyboard.press("?")
    title = page.get_by_role("dialog").get_by_role("heading", name="Keys")
    expect(title).to_be_focused()
    expect(title).to_be_in_viewport()
    expect(title).to_have_css("outline-style", "none")  # a heading is no control
    switch = page.get_by_role("dialog").get_by_role("checkbox", name="Single-key shortcuts")
    expect(switch).to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.goto("/about/")
    for key in ("?", "/"):
        page.keyboard.press(key)
    assert (page.locator("dialog").count(), page.url.endswith("/about/")) == (0, True)
    page.goto("/keyboard/")
    here = page.get_by_role("checkbox", name="Single-key shortcuts")
    expect(here).not_to_be_checked()
    here.focus()
    page.keyboard.press("Space")
    page.goto("/about/")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()


def test_a_search_works_with_keys_alone(open_page, course, learner):
    page = open_page(user=learner)
    page.goto("/about/")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("intercpet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=intercpet")
    expect(page.get_by_text("These are the results for “intercept”.")).to_be_visible()
    links = page.locator("[data-results] a")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    links.first.focus()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/*/#c-*")


def test_without_a_connection_the_list_of_keys_leads_to_its_page_but_never_away_from_work(
    open_context, course, learner
):
    context = open_context(user=learner)
    page = context.new_page()
    page.goto("/about/")
    page.evaluate("navigator.serviceWorker.ready")
    context.set_offline(True)
    page.keyboard.press("?")
    page.wait_for_url("**/keyboard/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("offline")
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Keyboard shortcuts")  # it was loaded again
    review = f"/assessments/{demo.review_of(course).pk}/"
    page.goto(review)
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.keyboard.press("?")
    assert page.url.endswith(review)


def test_without_a_connection_a_theme_lasts_for_this_page(open_context, course):
    context = open_context()
    page = context.new_page()
    page.goto("/about/")
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.set_offline(False)
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") is None


def walk(page: Page, steps: int) -> int:
    """Count the elements that Tab reaches, each visibly focused, until it comes to one again.

    From the end of the page, Tab goes on at its beginning: a field that takes the focus when the page opens may be in the
    middle of it.
    """
    seen: set[int] = set()
    for _ in range(steps):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:
            continue
        if found["number"] in seen:
            break
        assert found["isShown"], page.evaluate("document.activeElement.outerHTML")
        seen.add(found["number"])
    return len(seen)
