"""People at a browser, and the time that passes for its pages."""

import time
from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext, Page


def sign_in(context: BrowserContext, user: Any, url: str) -> None:
    """Create the session that the sign-in form would create, without the form's deliberate delay."""
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def view_as_learner(page: Page) -> None:
    """From a page about a learner, view the course as this learner."""
    page.get_by_text("View as this learner").click()
    page.get_by_label("Reason").fill("asked for help")
    page.get_by_role("button", name="Start viewing").click()


def wait_until_sent(page: Page) -> None:
    """Wait until the browser holds no text that the server has not acknowledged."""
    page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.startsWith('finalcheck:'))")


def stop_timers(page: Page) -> None:
    """Stop the clock of an open page, whose `clock` was installed before. Then only `run_timers` lets time pass for it."""
    page.clock.pause_at(time.time() + 60)


def run_timers(page: Page, seconds: float) -> None:
    """Let so much time pass for the page, at once, however busy the machine is."""
    page.clock.run_for(seconds * 1000)
