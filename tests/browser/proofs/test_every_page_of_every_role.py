"""Every page of every role in Chromium: no violation of the policy, no script error.

Everyone opens one address of each route that gives them a page. The owner of the exam opens all her addresses, in three
states. A route that gives nobody a page fails the proof unless the reason is known.
"""

import json

import pytest

from config.environment import ROOT
from tests.browser.every_page import STATE, Visits, page_routes, visits
from tests.leaks.taking import states

__all__ = ["visits"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "ada"  # who takes the exam. Most addresses are about her work
LATER = ("time is up", "settled")
# Routes that give nobody a page, with the reason. Not listed are those that take no GET or answer with a file or with data,
# which the test sees itself, and those of Django's admin, which has no page for a table without rows.
WITHOUT_PAGE = {
    "api-unknown": "says in JSON that the API has no such call",
    "exam": "leads to the exam of the course",
    "course_page": "leads to the lesson or the lab",
    "course_file": "a file, under an address that contains its digest",
    "account_set_password": "leads to the form that changes a password, because every account has one",
    "account_confirm_login_code": "follows a form that mails a code; nobody here has sent it",
    "mfa_authenticate": "follows the password of an account with a second factor; nobody here has typed it",
    "mfa_login_webauthn": "answers a script that signs in by passkey; leads others to the form",
}


def test_every_page_of_everyone_violates_no_policy_and_has_no_script_error(visits, faults):
    people, given = visits.world.people_asked, set()
    for state in states(visits.world):
        if state == STATE:
            for person in people:
                given |= {route.name for route in page_routes() if visits.open_first(route, [person])}
        if state in (STATE, *LATER):
            open_all(visits, OWNER)
    write_down(visits, given)
    assert faults == []
    assert visits.opened.keys() == set(people)
    missing = {route.name for route in page_routes() if not route.name.startswith("admin:")} - given - visits.other
    assert missing == set(WITHOUT_PAGE)


def open_all(visits: Visits, person: str) -> None:
    """Open every address that gives this person a page, not only the first of each route."""
    for route in page_routes():
        for address in visits.page_addresses(route, person):
            visits.open(route, person, address)


def write_down(visits: Visits, given: set[str]) -> None:
    violations = sum("Content Security Policy" in fault for fault in visits.faults)
    figures = {"people": len(visits.opened), "routes": len(page_routes()), "routes with a page": len(given)}
    figures |= {"pages opened": visits.opened.total(), "violations of the policy": violations}
    figures |= {"script errors and other faults": len(visits.faults) - violations}
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "pages.json").open("a") as file:
        file.write(json.dumps(figures) + "\n")
