"""Open the pages of every route in Chromium, as the people of tests/leaks, and note what the browser says against them.

The routes come from the URLconf. Django's test client finds out who gets a page, because it is cheaper than the browser.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.test import Client, RequestFactory
from playwright.sync_api import Page

from foundation.throttles import Openings, Reads, Writes
from tests.leaks.crawling import body_of
from tests.leaks.plans import names_of_calls
from tests.leaks.routes import Route, addresses, all_routes
from tests.leaks.world import World, make_world
from tests.passkeys import passkey

STATE = "exam running"  # of Ada, in tests.leaks.taking: most of a learner's pages exist then
OF_SCRIPTS = ("default-src", "script-src", "script-src-elem", "script-src-attr")
LOOSE = ("'unsafe-inline'", "'unsafe-eval'")


@cache
def page_routes() -> list[Route]:
    """Return the routes that may answer with a page: all but the calls of the API, which answer in JSON."""
    calls = set(names_of_calls().values())
    return [route for route in all_routes() if route.name not in calls]


def loosened(policy: str) -> list[str]:
    """Return the words of a policy that allow inline scripts or eval."""
    directives = [part.split() for part in policy.lower().split(";") if part.strip()]
    if not {"default-src", "script-src"} & {name for name, *_ in directives}:
        return ["no policy for scripts"]
    of_scripts = [(name, words) for name, *words in directives if name in OF_SCRIPTS]
    return [f"the policy has {name} {word}" for name, words in of_scripts for word in words if word in LOOSE]


@dataclass
class Visits:
    """The browsers of the world's people, one each.

    `faults` says what is wrong, for which person, route and address. `opened` counts the pages of each person. `other` has
    the routes that take no GET, or answer with a file or with data.
    """

    world: World
    site: str
    open_page: Callable[..., Page]
    faults: list[str]
    opened: Counter[str] = field(default_factory=Counter)
    other: set[str] = field(default_factory=set)
    pages: dict[str, Page] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def page_addresses(self, route: Route, person: str) -> Iterator[str]:
        """Return the addresses of a route that answer this person with a page."""
        if route.name in self.other:
            return
        for address in addresses(route, self.world):
            with transaction.atomic():  # to undo what the request changed, and to keep the connection for the next one
                answer = self.client_of(person).get(address)
                body_of(answer)  # which also closes a file
                transaction.set_rollback(True)
            status = HTTPStatus(answer.status_code)
            is_html = answer.headers.get("Content-Type", "").startswith("text/html")
            if status == HTTPStatus.METHOD_NOT_ALLOWED or not (is_html or status.is_client_error):
                self.other.add(route.name)
                return
            if status == HTTPStatus.OK:
                yield address

    def open_first(self, route: Route, people: list[str]) -> bool:
        """Open a route once, as the first of these people who gets a page. Return whether somebody does."""
        for person in people:
            for address in self.page_addresses(route, person):
                self.open(route, person, address)
                return True
        return False

    def open(self, route: Route, person: str, address: str) -> None:
        page, known = self.page_of(person), len(self.faults)
        answer = page.goto(address, wait_until="load")
        assert answer is not None
        # Keep a page that refreshes itself from leaving. What the browser has said until now arrives before the result.
        page.evaluate("stop()" if "refresh" in answer.headers else "null")
        if (answer.status, answer.url) != (HTTPStatus.OK, f"{self.site}{address}"):
            self.faults.append(f"the browser gets {answer.status} from {answer.url}")
        self.faults += loosened(answer.headers.get("content-security-policy", ""))
        self.faults[known:] = [f"{person} · {route.name} · {address} · {fault}" for fault in self.faults[known:]]
        self.opened[person] += 1

    def client_of(self, person: str) -> Client:
        """Return this person's test client, always the same: each new one lists all static files, as a server that starts."""
        if person not in self.clients:
            self.clients[person] = self.world.client(person)
        return self.clients[person]

    def page_of(self, person: str) -> Page:
        """Return this person's window. They are signed in as in the test client."""
        if person not in self.pages:
            page = self.pages[person] = self.open_page()
            if person in self.world.cookies:
                value = self.world.cookies[person]
                page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.site}])
        return self.pages[person]


@pytest.fixture
def visits(
    db: None, site: str, open_page: Callable[..., Page], faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> Visits:
    """The browsers of a new world's people, without throttles."""
    for throttle in (Openings, Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    world = make_world()
    protect_account(world, "dora")
    return Visits(world, site, open_page, faults)


def protect_account(world: World, name: str) -> None:
    """Give somebody a passkey, an app and recovery codes, and let everyone have just typed the password.

    Otherwise, the pages about two-factor sign-in would only lead to others.
    """
    person = world.people[name]
    passkey(person).save()
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    request: Any = RequestFactory().get("/")
    with time_machine.travel(world.now, tick=False):
        for role in world.cookies:
            request.user, request.session = world.people[role], world.client(role).session
            reauthenticate_by_password(request)
            request.session.save()
