"""Real Chromium against a live server in this process, so that tests can move its clock and read its records.

Every page that a test opens is watched: a script error or a violation of the content security policy fails the test.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bench.rig.chromium import ARGUMENTS
from tests import factories as make
from tests.browser import course as demo
from tests.browser import shots
from tests.browser.looks import LOOKS, PHONE, Look
from tests.browser.shots import SHOTS
from tests.browser.visitors import sign_in
from tests.rounds import one_database, second_round

pytestmark = one_database
SLOW = 60_000  # milliseconds to wait for what a busy machine does late; only a failure takes that long


@pytest.fixture(scope="session", autouse=True)
def records_beside_playwright() -> None:
    """Let the test use the database. Playwright's loop runs in the test's thread, where Django would otherwise forbid that."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def hashed(tmp_path_factory: pytest.TempPathFactory, plain_assets: None) -> dict[str, Any]:
    """Collect, hash and compress the static files once, as `up` does. Return the settings that serve them."""
    from django.conf import settings

    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.assets.Assets"}}
    chosen = {"STATIC_ROOT": tmp_path_factory.mktemp("static"), "STORAGES": storages}
    with override_settings(**chosen):
        call_command("collectstatic", interactive=False, verbosity=0)
    return chosen


@pytest.fixture(scope="module", autouse=True)
def assets(hashed: dict[str, Any]) -> Iterator[None]:
    """Name the hashed files in pages, for these tests only: others of the same process expect plain names."""
    with override_settings(**hashed):
        yield


@pytest.fixture(scope="session")
def site(hashed: dict[str, Any], django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Return the address of the product, served by threads of this process; WhiteNoise serves its files, as in production."""
    server = LiveServerThread("127.0.0.1", lambda application: application)
    server.daemon = True
    with override_settings(**hashed), django_db_blocker.unblock():
        server.start()
        server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def _django_db_helper(site: str, django_db_blocker: Any) -> Iterator[None]:
    """Give `django_db` its meaning here: real commits, undone by restoring the pages of the empty database.

    pytest-django would flush, which deletes records, and the database refuses that.
    """
    with django_db_blocker.unblock():
        connection.ensure_connection()
        empty = sqlite3.connect(":memory:")
        connection.connection.backup(empty)
        yield
        connection.ensure_connection()
        empty.backup(connection.connection)
        connection.close()
        empty.close()


@pytest.fixture(scope="session")
def chrome(chromium: str, pytestconfig: pytest.Config) -> Iterator[Browser]:
    shots.is_asked_for = pytestconfig.getoption("shots")
    expect.set_options(timeout=SLOW)
    with sync_playwright() as playwright:
        SHOTS.mkdir(parents=True, exist_ok=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()
    if shots.is_asked_for:
        shots.write_sheet(SHOTS)


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """Script errors and policy violations on pages. Every test must end without any."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_context(chrome: Browser, site: str, faults: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a new browser in a look; `user` is signed in."""
    opened: list[BrowserContext] = []

    def open_one(look: Look = LOOKS[0], user: Any = None, **options: Any) -> BrowserContext:
        context = chrome.new_context(base_url=site, reduced_motion="reduce", **look.options, **options)
        context.set_default_timeout(SLOW)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda message: watch(message, faults))
        if user is not None:
            sign_in(context, user, site)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def watch(message: Any, faults: list[str]) -> None:
    if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
        faults.append(message.text)


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    return lambda *args, **options: open_context(*args, **options).new_page()


@pytest.fixture(params=[pytest.param(each, marks=[second_round] * (each != PHONE), id=str(each)) for each in LOOKS])
def look(request: pytest.FixtureRequest) -> Look:
    return request.param


@pytest.fixture
def phone() -> Look:
    return PHONE


@pytest.fixture
def course(db: None) -> Any:
    return demo.make_demo()


@pytest.fixture
def learner(course: Any) -> Any:
    return make.enroll(course=course, user=make.make_user(username="mina", timezone="Europe/Berlin"))
