"""Codes of authenticator apps and recovery codes: each works once, and guessing is limited by account."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from accounts.models import SignInFailure
from tests import factories as make
from tests.passkeys import passkey
from tests.portal.pages.test_access import SECRET, one_time_code
from tests.portal.pages.test_sign_in_counters import empty_caches

pytestmark = pytest.mark.django_db
PAGE, AGAIN = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
WRONG = "wrong"
NEW = "a-new-long-word"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def user():
    user = make.make_user()
    TOTP.activate(user, SECRET)
    return user


def result(answer):
    """Return whether a page accepted the code, refused it, or would try no more."""
    if answer.status_code == 302:
        return "in"
    assert answer.status_code == 200
    return "locked" if "Too many codes were wrong" in answer.content.decode() else "refused"


def through_form(user, code, *, password=make.PASSWORD):
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": password})
    return result(browser.post(PAGE, {"code": code}))


def in_session(user, code):
    """Confirm who one is in a session."""
    browser = Client()
    browser.force_login(user)
    return result(browser.post(AGAIN, {"code": code}))


def through_api(user, code):
    body = {"username": user.username, "password": make.PASSWORD, "otp": code}
    answer = Client().post("/api/v1/tokens/", body, content_type="application/json")
    return {201: "in", 401: "refused", 429: "locked"}[answer.status_code]


WAYS = pytest.mark.parametrize("enter", [through_form, in_session, through_api])


@WAYS
def test_guesses_at_a_code_are_limited_and_a_restart_keeps_the_limit(enter, user, clock):
    assert [enter(user, WRONG) for _ in range(11)] == ["refused"] * 10 + ["locked"]
    empty_caches()
    assert enter(user, one_time_code()) == "locked"
    clock.shift(timedelta(minutes=5))
    assert enter(user, one_time_code()) == "in"


def test_all_ways_to_enter_a_code_share_one_limit(user):
    for _ in range(4):
        told = [enter(user, WRONG) for enter in (through_form, in_session, through_api)]
    assert told == ["refused", "locked", "locked"]


def test_a_code_of_another_account_is_not_locked(user):
    other = make.make_user()
    TOTP.activate(other, SECRET)
    for _ in range(11):
        through_api(user, WRONG)
    assert through_api(other, one_time_code()) == "in"


@WAYS
def test_a_code_that_is_right_forgets_those_that_were_wrong(enter, user, clock):
    for _ in range(2):
        assert [enter(user, WRONG) for _ in range(9)] == ["refused"] * 9
        assert enter(user, one_time_code()) == "in"
        clock.shift(timedelta(seconds=30))
    assert not SignInFailure.objects.exists()


@WAYS
def test_a_code_works_once_also_after_a_restart(enter, user, clock):
    code = one_time_code()
    assert enter(user, code) == "in"
    empty_caches()
    assert [again(user, code) for again in (through_form, in_session, through_api)] == ["refused"] * 3
    clock.shift(timedelta(seconds=30))
    assert enter(user, one_time_code()) == "in"


def test_a_clock_that_is_set_back_locks_nobody_out_of_their_app(user, clock):
    assert through_api(user, one_time_code()) == "in"
    clock.shift(timedelta(hours=-1))
    assert through_api(user, one_time_code()) == "in"


@WAYS
def test_a_recovery_code_works_once_also_after_a_restart(enter, user):
    codes = RecoveryCodes.activate(user).get_unused_codes()
    assert enter(user, codes[0]) == "in"
    empty_caches()
    assert [enter(user, code) for code in codes[:2]] == ["refused", "in"]


def test_a_used_code_is_noted_beside_the_secret_and_changes_nothing_else(user):
    before = Authenticator.objects.get(user=user).data
    through_api(user, one_time_code())
    after = Authenticator.objects.get(user=user).data
    assert set(after) - set(before) == {"used_steps"}
    assert after["secret"] == before["secret"]


def test_a_passkey_is_offered_while_codes_are_locked(user):
    Authenticator.objects.bulk_create([passkey(user)])
    for _ in range(11):
        through_api(user, WRONG)
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD})
    page = browser.post(PAGE, {"code": one_time_code()}).content.decode()
    assert "Wait five minutes and try again, or use a passkey if you have one." in page


def test_a_reset_password_allows_no_more_guesses_at_codes(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for _ in range(10):
        through_api(user, WRONG)
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": user.email})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": NEW, "password2": NEW})
    assert through_form(user, one_time_code(), password=NEW) == "locked"


def test_the_refusal_over_the_api_says_what_happened_what_is_safe_and_what_to_do(user):
    for _ in range(10):
        through_api(user, WRONG)
    body = {"username": user.username, "password": make.PASSWORD, "otp": one_time_code()}
    answer = Client().post("/api/v1/tokens/", body, content_type="application/json")
    assert answer.json()["detail"].startswith(
        "Too many codes were wrong. The account is safe and unchanged. Wait five minutes and try again, "
        "or use a passkey if you have one."
    )
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("throttled", "300")
