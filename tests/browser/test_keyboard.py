"""Every page by keyboard alone: Tab reaches everything that can be used, in view, and is never caught."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import Lesson
from course.services import mark_lesson_done
from quizzes.services import start_sitting
from tests.browser import course as demo

pytestmark = pytest.mark.django_db(transaction=True)

# What Tab should reach: one of a group of radio buttons, and nothing that is hidden or disabled.
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
    mark_lesson_done(user=learner, lesson=lesson, now=timezone.now())  # its button goes when Tab comes to the end
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    for address in (
        "/",
        "/about/",
        f"/courses/{course.slug}/",
        f"/lessons/{lesson.pk}/",
        f"/courses/{course.slug}/progress/",
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
        usable = page.evaluate(USABLE)
        assert (address, walk(page, usable + 20)) == (address, usable)


def test_tab_reaches_everything_before_signing_in(open_page, course):
    page = open_page()
    for address in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/offline/"):
        page.goto(address)
        usable = page.evaluate(USABLE)
        assert (address, walk(page, usable + 20)) == (address, usable)


def test_single_keys_can_be_switched_off_and_on_again(open_page, course):
    page = open_page()
    page.goto("/about/")
    page.keyboard.press("?")
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
    page.wait_for_url("**/search/")


def walk(page: Page, steps: int) -> int:
    """How many elements Tab comes to, each of them marked, until it leaves the page or starts again."""
    seen: set[int] = set()
    for _ in range(steps):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None or found["number"] in seen:
            break
        assert found["isShown"], page.evaluate("document.activeElement.outerHTML")
        seen.add(found["number"])
    return len(seen)
