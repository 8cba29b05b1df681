"""Security events are logged with the number of the account, and with nothing that people typed."""

import logging
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client

from accounts.models import ApiToken
from config.logs import JsonLines
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make.make_user()


@pytest.fixture
def told(caplog):
    """Return a function that returns the events since it was last called."""
    caplog.set_level(logging.INFO, logger="finalcheck.security")

    def events():
        found = [record.getMessage() for record in caplog.records if record.name == "finalcheck.security"]
        caplog.clear()
        return found

    return events


def sign_in(user, password=make.PASSWORD):
    browser = Client()
    browser.post("/accounts/login/", {"login": user.username, "password": password})
    return browser


def test_signing_in_and_out_is_logged(user, told):
    sign_in(user).post("/accounts/logout/")
    assert told() == [f"event=signed_in account={user.pk} methods=password", f"event=signed_out account={user.pk}"]


def test_a_wrong_password_and_an_unknown_name_are_logged_without_what_was_typed(user, told):
    sign_in(user, "guessed-word")
    Client().post("/accounts/login/", {"login": "who-is-that", "password": "guessed-word"})
    body = {"username": user.username, "password": "guessed-word"}
    assert Client().post("/api/v1/tokens/", body, content_type="application/json").status_code == 401
    failed = f"event=sign_in_failed account={user.pk}"
    refused = "event=refused account=None code=authentication_failed"
    assert told() == [failed, "event=sign_in_failed account=None", failed, refused]


def test_a_locked_account_is_logged(user, told):
    for _ in range(11):
        sign_in(user, "guessed-word")
    assert told()[-2:] == [f"event=sign_in_failed account={user.pk}", f"event=sign_in_locked account={user.pk}"]


def test_a_wrong_code_is_logged_on_the_page_and_by_the_api(user, told):
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    told()
    failed = f"event=second_factor_failed account={user.pk} problem=incorrect_code"
    browser = Client()
    browser.force_login(user)
    browser.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    body = {"username": user.username, "password": make.PASSWORD, "otp": "000000"}
    Client().post("/api/v1/tokens/", body, content_type="application/json")
    assert told()[:2] == [failed, failed]


def test_changes_of_credentials_and_what_they_end_are_logged(user, told):
    browser = sign_in(user)
    told()
    new = "a-new-long-word"
    browser.post("/accounts/password/change/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert told() == [f"event=password_changed account={user.pk}", f"event=access_ended account={user.pk}"]
    Authenticator.objects.create(user=user, type="webauthn", data={}).delete()
    assert [line for line in told() if "second_factor" in line] == [
        f"event=second_factor_added account={user.pk} kind=webauthn",
        f"event=second_factor_removed account={user.pk} kind=webauthn",
    ]
    browser = sign_in(user, new)
    browser.post("/accounts/reauthenticate/", {"password": new})
    browser.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert told()[-1] == f"event=email_address_added account={user.pk}"


def test_tokens_and_an_operators_act_are_logged(user, told):
    body = {"username": user.username, "password": make.PASSWORD, "scopes": ["read"]}
    Client().post("/api/v1/tokens/", body, content_type="application/json")
    token = ApiToken.objects.get()
    assert told() == [f"event=token_created account={user.pk} token={token.id} scopes=read"]
    call_command("sign_out", everybody=True, reason="lost backup", stdout=StringIO())
    assert told() == ["event=access_of_everybody_ended account=None"]


def test_a_refusal_is_logged_with_its_code(user, told):
    browser, course = Client(), make.make_course()
    browser.force_login(user)
    make.make_exam(course=course)
    browser.get(f"/courses/{course.slug}/exam/")
    browser.get(f"/admin/courses/{course.slug}/")
    browser.get(f"/api/v1/courses/{course.slug}/learners/")
    Client().get("/api/v1/me/")
    Client().get("/nowhere/")
    assert told() == [
        f"event=refused account={user.pk} code=not_enrolled",
        f"event=refused account={user.pk} code=not_found",
        f"event=refused account={user.pk} code=not_found",
        "event=refused account=None code=not_authenticated",
    ]


def test_a_json_line_has_each_fact_as_a_member(user, caplog):
    caplog.set_level(logging.INFO, logger="finalcheck.security")
    sign_in(user)
    line = JsonLines().format(caplog.records[-1])
    assert f'"event": "signed_in", "account": {user.pk}, "methods": "password"' in line
