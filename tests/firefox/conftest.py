"""Debian's Firefox against the product as `manage.py up` starts it: its web server, its worker and its sandboxes.

Every page that a test opens is watched. Firefox reports a violation of the content security policy as a script error.
"""

import shlex
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.firefox.finding import find_firefox
from tests.product import ROOT, Product
from tests.rounds import one_database

pytestmark = one_database
SLOW = 60_000  # milliseconds to wait for what a busy machine does late; only a failure takes that long


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start Firefox through the relay. It needs a home that belongs to its user."""
    path = find_firefox()
    assert path
    folder = tmp_path_factory.mktemp("firefox")
    command = shlex.join((sys.executable, "-m", "tests.firefox.relay", path))
    launcher = folder / "firefox"
    launcher.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))}\nexec {command} "$@"\n')
    launcher.chmod(0o755)
    expect.set_options(timeout=SLOW)
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=launcher,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
            firefox_user_prefs={"ui.prefersReducedMotion": 1},
        )
        yield browser
        browser.close()


@pytest.fixture
def errors() -> Iterator[list[str]]:
    """Script errors and policy violations on pages. Every test must end without any."""
    noted: list[str] = []
    yield noted
    assert noted == []


@pytest.fixture
def page(firefox: Browser, product: Product, errors: list[str]) -> Iterator[Page]:
    """Open a new window, whose errors are noted."""
    context = firefox.new_context(base_url=product.address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SLOW)
    context.on("weberror", lambda error: errors.append(f"{error.page and error.page.url}: {error.error}"))
    yield context.new_page()
    context.close()
