"""A restart of a lab's session, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.labs import make_demo_lab
from tests.browser.streaming import site
from tests.rounds import second_round

__all__ = ["site"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def test_a_run_that_is_ordered_during_a_restart_begins_after_it(open_page, learner, course):
    lab = make_demo_lab(course)
    page = open_page(user=learner)
    page.goto(f"/labs/{lab.pk}/")
    cell = page.locator("[data-cell='2']")
    endings, order = [], []
    page.route("**/session/", lambda route: endings.append(route))
    page.on("response", lambda response: order.append("ended") if response.request.method == "DELETE" else None)
    page.on("request", lambda request: order.append("ordered") if request.url.endswith("/runs/") else None)
    page.get_by_role("button", name="Reset", exact=True).click()
    with page.expect_request("**/session/"):
        page.get_by_role("button", name="Restart session").click()
    cell.get_by_role("button", name="Run").click()
    endings.pop().continue_()
    expect(cell).to_contain_text("Waiting, next in line")
    assert order == ["ended", "ordered"]
