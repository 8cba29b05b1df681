"""No answer tells a stranger whether an email address has an account; docs/security.md names what several together tell."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make

pytestmark = pytest.mark.django_db
LOGIN, TOKENS = "/accounts/login/", "/api/v1/tokens/"
TAKEN, FRESH = "taken@example.org", "fresh@example.org"


@pytest.fixture(params=[True, False], ids=["confirmed", "unconfirmed"])
def owner(request):
    """Somebody whose address is TAKEN."""
    owner = make.make_user(username="owner")
    owner.email = TAKEN
    owner.save()
    EmailAddress.objects.create(user=owner, email=TAKEN, primary=True, verified=request.param)
    return owner


def told(answer, *names):
    """Return all of an answer, without the names and addresses that were sent."""
    words = [str(message) for message in get_messages(answer.wsgi_request)]
    body = answer.content.decode() if answer.status_code == 200 else ""
    shown = [answer.status_code, answer.headers.get("Location"), sorted(answer.cookies), words, "error" in body]
    return repr(shown).replace(names[0], "NAME").replace(names[1], "ADDRESS")


def sign_up(name, address):
    browser = Client()
    fields = {"username": name, "email": address, "password1": "a-long-enough-word"}
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post("/accounts/signup/", fields)
    assert browser.get("/settings/").status_code == 200
    return told(answer, name, address), len(asked)


def test_signing_up_with_a_taken_address_looks_like_any_other(owner):
    fresh, _ = sign_up("someone", FRESH)
    taken, _ = sign_up("another", TAKEN)
    assert taken == fresh
    assert [message.to for message in mail.outbox] == [[FRESH], [TAKEN]]


def test_signing_up_with_a_taken_address_asks_the_database_as_much(owner):
    sign_up("warm-up", "warm-up@example.org")
    _, fresh = sign_up("someone", FRESH)
    _, taken = sign_up("another", TAKEN)
    assert taken == fresh


def test_the_owner_of_a_taken_address_still_signs_in_and_resets_by_it(owner):
    sign_up("another", TAKEN)
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": TAKEN, "password": make.PASSWORD})
    assert (answer.status_code, browser.get("/api/v1/me/").json()["username"]) == (302, "owner")
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": TAKEN})
    assert any("owner" in message.body for message in mail.outbox)
    assert {address for message in mail.outbox for address in message.to} == {TAKEN}


def test_resetting_the_password_of_a_taken_address_looks_like_any_other(owner):
    answers = [
        told(Client().post("/accounts/password/reset/", {"email": address}), "-", address) for address in (FRESH, TAKEN)
    ]
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[FRESH], [TAKEN]]


def test_adding_a_taken_address_to_an_account_looks_like_any_other(owner):
    answers = []
    for address in (FRESH, TAKEN):
        browser = Client()
        person = make.make_user()
        browser.post("/accounts/login/", {"login": person.username, "password": make.PASSWORD})
        browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
        answer = browser.post("/accounts/email/", {"email": address, "action_add": ""})
        answers.append(told(answer, person.username, address))
    assert answers[0] == answers[1]


class CountedHasher(MD5PasswordHasher):
    """Counts what takes the time of a sign-in. No time is measured, because it depends on the machine."""

    hashes = 0

    def encode(self, *args, **options):
        CountedHasher.hashes += 1
        return super().encode(*args, **options)


@pytest.mark.parametrize("by", ["form", "api"])
def test_a_sign_in_hashes_as_many_passwords_whether_or_not_the_account_exists(settings, by):
    settings.PASSWORD_HASHERS = ["tests.portal.pages.test_enumeration.CountedHasher"]
    person, spent = make.make_user(), []
    named_by_address = make.make_user(username="ada@example.org")
    named_by_address.email = named_by_address.username
    named_by_address.save()
    for name in (person.username, person.email, named_by_address.username, "nobody", "nobody@example.org"):
        before = CountedHasher.hashes
        fields = {"login" if by == "form" else "username": name, "password": "a-wrong-password"}
        kind = {} if by == "form" else {"content_type": "application/json"}
        assert Client().post(LOGIN if by == "form" else TOKENS, fields, **kind).status_code == (200, 401)[by == "api"]
        spent.append(CountedHasher.hashes - before)
    assert spent == [1, 1, 1, 1, 1]
