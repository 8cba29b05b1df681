"""When a part of ours fails in an exam, saves go on, or the page says that the text is kept here and sends it later."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import Attempt
from quizzes.services import start_sitting
from tests.browser import course as demo
from tests.browser.test_exam import box, open_question, stored, wait_until_saved
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
KEPT = re.compile("1 not sent, kept on this device")


@pytest.fixture
def sitting(course, learner):
    return start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())[0]


@contextmanager
def disk_that_takes_nothing():
    """Let every connection that opens now refuse to write, as on a disk that is full or was mounted read-only."""
    options = connection.settings_dict["OPTIONS"]
    before = options["init_command"]
    options["init_command"] = f"{before} PRAGMA query_only=ON;"
    try:
        yield
    finally:
        options["init_command"] = before


def test_a_disk_that_takes_nothing_loses_no_text(open_page, learner, sitting):
    page = open_page(user=learner)
    row = open_question(page, sitting)
    box(page, row).fill("tanh")
    wait_until_saved(page)
    with disk_that_takes_nothing():
        box(page, row).fill("relu")
        expect(page.locator("[data-status]")).to_have_text(KEPT)
        expect(page.locator("[data-saved]:visible")).to_have_text("Not sent yet, kept on this device")
        assert stored(row) == "tanh"
    wait_until_saved(page)
    assert stored(row) == "relu"


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_server_that_takes_nothing_now_gets_the_text_later(open_page, learner, sitting, status):
    """503 also comes from a server that is being replaced, and 502 from the proxy in front of it."""
    page = open_page(user=learner)
    row = open_question(page, sitting)
    page.route(
        "**/draft/", lambda route: route.fulfill(status=status, body="<h1>Not now</h1>", content_type="text/html")
    )
    box(page, row).fill("relu")
    expect(page.locator("[data-status]")).to_have_text(KEPT)
    page.unroute("**/draft/")
    wait_until_saved(page)
    assert stored(row) == "relu"


def test_a_slow_network_says_that_it_is_saving_and_never_that_it_has(open_page, learner, sitting):
    page, held = open_page(user=learner), []
    row = open_question(page, sitting)
    page.route("**/draft/", lambda route: held.append(route))
    with page.expect_request("**/draft/"):
        box(page, row).fill("relu")
    expect(page.locator("[data-status]")).to_have_text("Saving …")
    assert stored(row) is None
    held[0].continue_()
    page.unroute("**/draft/")
    wait_until_saved(page)
    assert stored(row) == "relu"


def test_without_redis_saves_and_checks_go_on(open_page, learner, sitting, settings):
    nowhere = {"BACKEND": "config.cache.Shared", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": nowhere}
    page = open_page(user=learner)
    row = open_question(page, sitting)
    box(page, row).fill("relu")
    wait_until_saved(page)
    assert stored(row) == "relu"
    page.locator("[data-check]:visible").click()
    expect(page.locator("section.question:visible")).to_contain_text("Correct")
    assert Attempt.objects.get().is_correct
