"""Every address states who may store its answer. Pages of signed-in people may not be stored, so that Back asks the server."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests import factories as make
from tests.portal.api.world import make_world
from tests.rounds import one_database

pytestmark = [pytest.mark.django_db, one_database]
NOT_KEPT, KEPT = "private, no-store", "private, no-cache"
OWN = {  # addresses whose views set it themselves
    "manifest.webmanifest": "max-age=3600",
    "service-worker.js": "no-cache",
    "api/v1/schema": "public, max-age=300",  # the same file for everybody
}
DEFAULTS = {"slug": "course-of-nobody", "int": "1"}


def addresses(patterns, prefix=""):
    """Every address of the URLconf below `prefix`, as it is written there."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address
        else:
            yield from addresses(pattern.url_patterns, address)


def filled(address, ids):
    """Return the address with existing ids filled in, or ids of nothing."""
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "x", address).replace("^", "").replace("$", "").replace("\\Z", "")
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: str(ids.get(found[2], DEFAULTS.get(found[1], "x"))), plain)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def everywhere(world):
    written = [address for address in addresses(get_resolver().url_patterns) if not address.endswith("events/")]
    assert len(written) > 200
    return sorted({filled(address, world.ids) for address in written})


def control(client, address):
    answer = client.get(address)
    found = answer.headers.get("Cache-Control", "")
    if address.strip("/") in OWN:
        assert found == OWN[address.strip("/")]
        return None
    if "no-cache, no-store, must-revalidate, private" in found:  # as allauth and the admin set it
        return NOT_KEPT
    if answer.has_header("ETag") or answer.status_code == 304:
        assert found == KEPT
        return None
    return found


@pytest.mark.parametrize("role", ["ada", "instructor", "admin"])
def test_pages_of_signed_in_people_are_not_stored(world, everywhere, role):
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    leave = ("/accounts/logout/", "/metrics")
    told = {address: control(client, address) for address in everywhere if not address.startswith(leave)}
    assert {address: found for address, found in told.items() if found not in (NOT_KEPT, None)} == {}


def test_only_visitors_browsers_store_public_pages(everywhere):
    client = Client(raise_request_exception=False)
    told = {address: control(client, address) for address in everywhere}
    assert {address: found for address, found in told.items() if found not in (NOT_KEPT, KEPT, None)} == {}
    kept = {"/", "/about/", "/keyboard/", "/glossary/", "/search/"}
    assert {address for address in kept if told[address] == KEPT} == kept


def test_answers_to_changes_are_never_stored_by_browsers(world, client):
    assert client.post("/accounts/login/", {"login": "a", "password": "b"}).headers["Cache-Control"].count("no-store")
    client.force_login(world.people["ada"])
    answer = client.post("/settings/", {"name": "Ada", "timezone": ""})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, NOT_KEPT)


def test_an_answer_for_a_token_is_not_kept_without_an_etag(world):
    client = world.client("ada")
    assert client.get("/api/v1/me/").headers["Cache-Control"] == NOT_KEPT
    progress = client.get(f"/api/v1/courses/{world.ids['slug']}/progress/")
    assert (progress.has_header("ETag"), progress.headers["Cache-Control"]) == (True, KEPT)
    again = client.get(f"/api/v1/courses/{world.ids['slug']}/progress/", HTTP_IF_NONE_MATCH=progress.headers["ETag"])
    assert (again.status_code, again.headers["Cache-Control"]) == (304, KEPT)


def test_errors_are_not_kept(client):
    assert client.get("/nowhere/").headers["Cache-Control"] == NOT_KEPT
    client.force_login(make.make_user())
    assert client.get("/admin/").headers["Cache-Control"].count("no-store")
