"""Code that is wider than its cell: the scrollbar stays in sight, and a line at the side says that there is more."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from bench.rig.chromium import ARGUMENTS
from labs.services import save_lab_draft
from tests.browser.labs import make_demo_lab, starter
from tests.browser.looks import DESKTOP
from tests.browser.test_lab_page import cell, opened
from tests.browser.visitors import sign_in
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

BAR = "(code) => [code.scrollWidth > code.clientWidth, code.offsetHeight - code.clientHeight]"
SIDE = "(code) => getComputedStyle(code).backgroundAttachment"


@pytest.fixture
def lab(course, learner):
    lab = make_demo_lab(course)
    cells = [{"id": number, "source": starter(lab, number)} for number in ("4", "6")]
    wide = {"id": "2", "source": f"x = 1  # {'wide ' * 60}"}
    save_lab_draft(learner=learner, lab=lab, cells=[wide, *cells], revision=0, now=timezone.now())
    return lab


@pytest.fixture
def page(chrome: Browser, chromium, site, learner):
    """A page of a browser that shows scrollbars; Playwright's own hide them."""
    browser = chrome.browser_type.launch(
        executable_path=chromium, args=ARGUMENTS, ignore_default_args=["--hide-scrollbars"]
    )
    context = browser.new_context(base_url=site, **DESKTOP.options)
    sign_in(context, learner, site)
    yield context.new_page()
    browser.close()


def test_a_wide_cell_keeps_its_scrollbar_in_sight_and_a_narrow_one_has_none(page: Page, lab):
    opened(page, lab)
    wide, narrow = cell(page, 2).locator(".cm-scroller"), cell(page, 6).locator(".cm-scroller")
    expect(wide).to_be_visible()
    assert (wide.evaluate(BAR), narrow.evaluate(BAR)) == ([True, 12], [False, 0])
    assert "local" in wide.evaluate(SIDE)


def test_a_wide_cell_has_the_same_height_before_and_after_its_editor_comes(page: Page, lab):
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/labs/{lab.pk}/")
    code = cell(page, 2).locator(".listing")
    assert code.locator("pre").evaluate(BAR) == [True, 12]
    before = code.bounding_box()["height"]
    page.unroute("**/*.js")
    opened(page, lab)
    expect(cell(page, 2).locator(".cm-scroller")).to_be_visible()
    assert cell(page, 2).locator(".listing").bounding_box()["height"] == before
