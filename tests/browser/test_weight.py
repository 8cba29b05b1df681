"""The cost of a visit: bytes transferred, no layout shift while fonts load, no unrequested motion."""

import re
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Length
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.environment import ROOT
from course.models import Course, Lesson
from quizzes.services import start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.interactive import LESSONS, open_figure, shipped_lesson
from tests.browser.labs import make_demo_lab
from tests.browser.looks import DESKTOP, PHONE
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

FONTS = 90_000
FIRST = 60_000  # bytes as sent, bodies only
NEXT = 15_000  # a lesson of middle length, when the browser has the files that all pages use
FIGURE = 6_000  # the style sheet and the scripts of an interactive figure
NETWORK = 10_000  # the weights of the network that reads a drawn digit
SHIFT = 0.02  # rounding of a line, invisible to the eye

WATCH_SHIFTS = """
window.shift = 0;
window.moved = [];
const parts = (entry) => entry.sources.map(({node}) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) { window.shift += entry.value; window.moved.push(...parts(entry)); }
}).observe({type: "layout-shift", buffered: true});
"""
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"

MOVING = """
[...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 80))
"""

SENT = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((entry) => [entry.name, entry.encodedBodySize, entry.transferSize === 0])
"""


def weights(page: Page, address: str) -> dict[str, int]:
    """Return the bytes of response bodies as sent, for fonts and for everything else."""
    page.goto(address, wait_until="networkidle")
    total = {"fonts": 0, "rest": 0}
    for name, size, is_cached in page.evaluate(SENT):
        total["fonts" if name.endswith(".woff2") else "rest"] += 0 if is_cached else size
    return total


def test_the_longest_lesson_weighs_little_and_the_next_page_less(open_page, db):
    call_command("course", "load", str(ROOT / "content/deep-learning-with-tensorflow"), "--yes", verbosity=0)
    learner = make.enroll(course=Course.objects.get(), user=make.make_user())
    longest, *others = Lesson.objects.order_by(Length("html").desc())
    page = open_page(DESKTOP, learner, service_workers="block")
    first = weights(page, f"/lessons/{longest.pk}/")
    assert 0 < first["rest"] <= FIRST, first
    assert 0 < first["fonts"] <= FONTS, first
    middle = others[len(others) // 2]
    following = weights(page, f"/lessons/{middle.pk}/")
    assert 0 < following["rest"] <= NEXT, following
    assert following["fonts"] == 0


def test_interactive_figures_add_little_and_only_when_they_come_near(open_page, course):
    added = {}
    for kind, key in LESSONS.items():
        page = open_page(DESKTOP, service_workers="block")  # which has none of the files yet
        page.goto(f"/lessons/{shipped_lesson(course, key).pk}/", wait_until="networkidle")
        figure = page.locator(f"[data-interactive={kind}]")
        figure.scroll_into_view_if_needed()
        figure.locator("form").wait_for()
        others = tuple(f"/interactive-{other}." for other in LESSONS if other != kind)  # a lesson may have two figures
        sent = {name: size for name, size, _ in page.evaluate(SENT) if "/interactive" in name}
        added[kind] = sum(size for name, size in sent.items() if not any(other in name for other in others))
    assert len(added) == 11
    assert max(added.values()) <= FIGURE, added


def test_the_network_that_reads_digits_is_small_and_comes_when_a_reader_draws(open_page, course):
    page, asked = open_page(DESKTOP, service_workers="block"), []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    figure = open_figure(page, shipped_lesson(course, LESSONS["digit"]), "digit")
    page.wait_for_load_state("networkidle")
    assert [url for _, url in asked if "networks/" in url] == []
    before = len(asked)
    figure.get_by_role("combobox", name="Drawing").select_option(label="1")
    expect(figure.get_by_role("status")).to_contain_text("The network reads 1")
    assert sorted((method, re.sub(r"\.\w+\.(\w+)$", r".\1", url.rpartition("/")[2])) for method, url in asked[before:]) == [
        ("GET", "digit-reader.json"), ("GET", "interactive-network.js"), ("GET", "interactive-reading.js"),
    ]  # fmt: skip
    sent = [size for name, size, _ in page.evaluate(SENT) if "networks/digit-reader" in name]
    assert 0 < sum(sent) <= NETWORK


def late(route: Any) -> None:
    time.sleep(0.3)  # the test is about a slow connection
    route.continue_()


def addresses(course: Any, learner: Any) -> list[str]:
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    return [
        f"/lessons/{Lesson.objects.last().pk}/",
        f"/assessments/{demo.review_of(course).pk}/",
        f"/assessments/{sitting.assessment_id}/1/",
    ]


def test_nothing_jumps_when_the_fonts_and_the_code_editor_come_late(open_page, course, learner):
    visits = [(DESKTOP, address) for address in addresses(course, learner)]
    for look, address in [*visits, (PHONE, f"/labs/{make_demo_lab(course).pk}/")]:
        page = open_page(look, learner, service_workers="block")
        page.add_init_script(WATCH_SHIFTS)
        page.route(re.compile(r"\.woff2|/codemirror"), late)
        page.goto(address, wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        shift = page.evaluate("shift")
        assert shift <= SHIFT, (address, shift)


def test_no_part_of_a_lab_moves_while_its_scripts_draw(open_page, look, course, learner):
    page = open_page(look, learner, service_workers="block")
    page.add_init_script(WATCH_SHIFTS)
    page.route("**/*.woff2", lambda route: route.abort())  # so no letter changes its width later
    page.route("**/codemirror*", late)
    page.goto(f"/labs/{make_demo_lab(course).pk}/", wait_until="networkidle")
    expect(page.locator(".cm-gutterElement").filter(has_text="1").first).to_be_visible()
    page.evaluate(DRAWN)
    assert page.evaluate("[moved, shift]") == [[], 0]


def test_a_phone_shows_nothing_below_the_cells_of_a_lab_before_all_of_them_arrived(open_page, course, learner):
    page, address = open_page(PHONE, learner, service_workers="block"), f"/labs/{make_demo_lab(course).pk}/"
    page.goto(address)
    expect(page.locator(".drawers")).to_be_visible()
    page.route("**/*.js", lambda route: route.abort())  # a script starts when all of the page has arrived
    page.route(f"**{address}", lambda route: route.fulfill(body=half(route.fetch().text()), content_type="text/html"))
    page.goto(address)
    expect(page.locator("[data-cell='2']")).to_be_visible()
    expect(page.locator(".drawers")).to_be_hidden()


def half(html: str) -> str:
    """Return a page as it is when the first of its three code cells has arrived."""
    return html[: html.index('id="cell-4"')]


def test_the_status_of_a_lab_stays_in_place_when_it_says_that_the_code_is_saved(open_page, look, course, learner):
    page, held = open_page(look, learner, service_workers="block"), []
    page.route("**/draft/", lambda route: held.append(route))
    page.goto(f"/labs/{make_demo_lab(course).pk}/")
    page.locator(".cm-content").first.click()
    with page.expect_request("**/draft/"):
        page.keyboard.type("x")
    status = page.locator("[data-status]")
    expect(status).to_have_text("Saving …")
    before = status.bounding_box()
    held[0].continue_()
    page.unroute("**/draft/")
    expect(status).to_have_text(re.compile("Saved"))
    assert status.bounding_box() == before


def test_nothing_moves_with_reduced_motion(open_page, course, learner):
    page = open_page(DESKTOP, learner)
    for address in ["/", *addresses(course, learner)]:
        page.goto(address)
        page.get_by_role("link").nth(1).hover()
        assert (address, page.evaluate("document.getAnimations().length")) == (address, 0)
        assert (address, page.evaluate(MOVING)) == (address, [])
