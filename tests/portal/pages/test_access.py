"""Changing a password or a second factor ends all access: tokens and other sessions."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import quote

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken
from accounts.services import create_token
from records.models import AuditEntry
from tests import factories as make
from tests.passkeys import passkey
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
NEW = "a-new-long-word"


def sign_in(user):
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": user.username, "password": make.PASSWORD})
    assert answer.status_code == 302
    return browser


def is_signed_in(browser):
    return browser.get("/settings/").status_code == 200


def give_token(user):
    return create_token(user=user, now=make.NOW)[1]


def one_time_code():
    """Return a code that the authenticator app would show now."""
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def user():
    return make.make_user(is_staff=True)


@pytest.fixture
def own(user):
    """The browser in which something is changed."""
    return sign_in(user)


@pytest.fixture
def other(user):
    """Another session of the account, and a token."""
    give_token(user)
    return sign_in(user)


def with_app(user):
    """Give the account an authenticator app before anything else happens."""
    Authenticator.objects.bulk_create([Authenticator(user=user, type="totp", data={"secret": encrypt(SECRET)})])


def confirm(browser):
    """Type the password again, which what opens or ends access requires."""
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})


def ended(user, other):
    return (ApiToken.objects.filter(user=user).count(), is_signed_in(other)) == (0, False)


def test_a_changed_password_ends_tokens_and_other_sessions(user, own, other):
    fields = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    assert own.post("/accounts/password/change/", fields).status_code == 302
    assert ended(user, other)
    assert is_signed_in(own)


def test_a_reset_password_ends_tokens_and_sessions(user, other):
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": user.email})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    form = stranger.get(link, follow=True).redirect_chain[-1][0]
    stranger.post(form, {"password1": NEW, "password2": NEW})
    assert ended(user, other)


def test_a_password_that_an_administrator_sets_ends_tokens_and_sessions(user, other):
    admin = sign_in(make.make_user(is_staff=True, is_superuser=True))
    fields = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert admin.post(f"/admin/course/user/{user.pk}/password/", fields).status_code == 302
    assert ended(user, other)
    assert is_signed_in(admin)


def test_rehashing_a_password_ends_no_sessions(user, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    give_token(user)
    user.password = make_password(make.PASSWORD, hasher="pbkdf2_sha256")
    user.save()
    assert user.check_password(make.PASSWORD)
    assert user.password.startswith("md5")
    assert ApiToken.objects.filter(user=user).count() == 1


def test_other_changes_of_an_account_end_nothing(user, own, other):
    own.post("/settings/", {"name": "Mina Okafor", "timezone": "Asia/Tokyo"})
    assert not ended(user, other)
    assert is_signed_in(other)


def test_a_new_authenticator_app_ends_tokens_and_other_sessions(user, own, other):
    confirm(own)
    own.get("/accounts/2fa/totp/activate/")
    session = own.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    with time_machine.travel(datetime.now(UTC), tick=False):  # so that the code cannot expire before it is checked
        assert own.post("/accounts/2fa/totp/activate/", {"code": one_time_code()}).status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    assert ended(user, other)
    assert is_signed_in(own)


def test_a_removed_authenticator_app_ends_tokens_and_other_sessions(user, own, other):
    with_app(user)
    confirm(own)
    assert own.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert ended(user, other)


def test_a_new_passkey_ends_tokens_and_sessions(user, other):
    Authenticator.objects.create(user=user, type="webauthn", data={})
    assert ended(user, other)


def test_removing_a_passkey_ends_tokens_and_sessions_whoever_removes_it(user, other):
    passkey = Authenticator(user=user, type="webauthn", data={"name": "Phone"})
    Authenticator.objects.bulk_create([passkey])  # as if it had been there before
    admin = Client()
    admin.force_login(make.make_user(is_staff=True, is_superuser=True))
    admin.post(f"/admin/mfa/authenticator/{passkey.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert ended(user, other)


def test_new_recovery_codes_end_tokens_and_other_sessions(user, own, other):
    with_app(user)
    confirm(own)
    assert own.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert ended(user, other)
    assert is_signed_in(own)


def test_a_used_or_renamed_factor_ends_nothing(user):
    factor = TOTP.activate(user, SECRET).instance
    give_token(user)
    factor.record_usage()
    assert ApiToken.objects.filter(user=user).count() == 1


def test_signing_out_everywhere_else_takes_the_password_and_ends_tokens_and_other_sessions(user, own, other):
    there = "/accounts/sessions/"
    asked = own.post(there)
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={quote(there, safe='')}"
    assert not ended(user, other)
    assert is_signed_in(other)
    own.post(asked.headers["Location"], {"password": make.PASSWORD})
    assert ended(user, other)
    assert is_signed_in(own)


@pytest.mark.parametrize(("tick", "kept"), [({}, 2), ({"passkeys": "on"}, 0)])
def test_signing_out_everywhere_else_removes_passkeys_and_recovery_codes_on_request(user, own, tick, kept):
    rows = [passkey(user), Authenticator(user=user, type="recovery_codes", data={})]
    Authenticator.objects.bulk_create(rows)
    confirm(own)
    assert 'name="passkeys"' in text(own.get("/accounts/sessions/"))
    own.post("/accounts/sessions/", tick)
    assert Authenticator.objects.filter(user=user).count() == kept


def test_an_email_address_changes_only_after_the_password_was_typed_again(user, own):
    there, fields = "/accounts/email/", {"email": "new@example.org", "action_add": ""}
    asked = own.post(there, fields)
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={quote(there, safe='')}"
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    own.post(asked.headers["Location"], {"password": make.PASSWORD})
    assert EmailAddress.objects.filter(email="new@example.org", user=user).exists()


def test_a_token_is_created_only_after_the_password_was_typed_again(user, own):
    there = "/settings/tokens/"
    asked = own.post(there, TOKEN)
    assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={quote(there, safe='')}"
    assert not ApiToken.objects.exists()
    page = own.post(asked.headers["Location"], {"password": make.PASSWORD})
    assert page.context["fresh"]["token"] == ApiToken.objects.get(user=user)


TOKEN = {"name": "grades", "can_teach": "on", "days": "7"}


def scopes_given(browser, user):
    confirm(browser)
    assert browser.post("/settings/tokens/", TOKEN).status_code == 200
    return ApiToken.objects.get(user=user).scopes


def test_a_session_without_second_factor_gets_no_staff_token(user, own, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    TOTP.activate(user, SECRET)
    browser = Client()
    browser.force_login(user)
    confirm(browser)  # by the password, which is not enough
    asked = browser.post("/settings/tokens/", TOKEN)
    assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert not ApiToken.objects.exists()
    page = text(browser.get("/settings/tokens/"))
    assert 'name="can_teach"' not in page
    assert 'href="/accounts/2fa/reauthenticate/?next=/settings/tokens/"' in page


def test_a_session_that_used_the_second_factor_gets_one(user, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    TOTP.activate(user, SECRET)
    browser = Client()
    browser.force_login(user)
    there = "/accounts/2fa/reauthenticate/?next=/settings/tokens/"
    with time_machine.travel(datetime.now(UTC), tick=False):  # so that the code cannot expire before it is checked
        assert browser.post(there, {"code": one_time_code()}).headers["Location"] == "/settings/tokens/"
    assert 'name="can_teach"' in text(browser.get("/settings/tokens/"))
    assert scopes_given(browser, user) == ["read", "staff"]


@pytest.mark.parametrize(("kind", "way"), [("webauthn", "/accounts/2fa/webauthn/reauthenticate/")])
def test_staff_with_only_a_passkey_are_asked_to_use_it(user, settings, kind, way):
    settings.STAFF_NEED_SECOND_FACTOR = True
    Authenticator.objects.create(user=user, type=kind, data={})
    browser = Client()
    browser.force_login(user)
    assert f'href="{way}?next=/settings/tokens/"' in text(browser.get("/settings/tokens/"))


def test_staff_without_a_second_factor_are_led_to_adding_one(user, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    browser = Client()
    browser.force_login(user)
    assert scopes_given(browser, user) == ["read"]
    assert 'href="/accounts/2fa/"' in text(browser.get("/settings/tokens/"))


def test_a_staff_token_made_without_second_factor_ends_with_the_first_factor(user):
    """As in a demo, which requires no second factor of staff."""
    token = create_token(user=user, now=make.NOW, scopes=["staff"], has_used_factor=True)[0]
    TOTP.activate(user, SECRET)
    assert not ApiToken.objects.filter(pk=token.pk).exists()


def test_a_token_that_only_reads_revokes_itself_and_no_other(client):
    user = make.make_user()
    now = make.NOW.replace(year=2100)
    token, secret = create_token(user=user, now=now, scopes=["read"])
    other, _ = create_token(user=user, now=now, scopes=["read"])
    headers = {"Authorization": f"Token {secret}"}
    refused = client.delete(f"/api/v1/tokens/{other.id}/", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert client.delete(f"/api/v1/tokens/{token.id}/", headers=headers).status_code == 204
    assert client.get("/api/v1/me/", headers=headers).status_code == 401
    assert list(ApiToken.objects.all()) == [other]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/courses/{slug}/progress/", "Enroll to see your progress"),
        ("/courses/{slug}/exam/", "Enroll to take the exam"),
    ],
)
def test_without_an_enrollment_progress_and_exam_explain_and_offer_to_enroll(client, address, said):
    course = make.make_course()
    exam = make.make_exam(course=course)
    user = make.make_user()
    client.force_login(user)
    path = address.format(slug=course.slug)
    refused = client.get(path, follow=True)
    page = refused.content.decode()
    assert (refused.status_code, said in " ".join(page.split())) == (403, True)
    assert ("not-found-picture" in page, "→ 403" in page) == (False, False)  # an invitation, not an error
    target = re.search(rf'action="(/courses/{course.slug}/enroll/)"', page)[1]
    following = re.search(r'name="next" value="([^"]+)"', page)[1]
    enrolled = client.post(target, {"name": user.name, "next": following}, follow=True)
    assert enrolled.redirect_chain[0][0] == following
    assert enrolled.status_code == 200
    assert following in (path, f"/assessments/{exam.pk}/")


def test_enrolling_leads_to_no_other_site(client):
    course = make.make_course()
    client.force_login(make.make_user())
    answer = client.post(f"/courses/{course.slug}/enroll/", {"name": "Mina", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_a_session_ends_sixty_days_after_the_sign_in_whatever_happened_in_it(user):
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False) as clock:
        browser = sign_in(user)
        clock.shift(timedelta(days=60, seconds=-1))
        confirm(browser)  # changes the session
        assert is_signed_in(browser)
        clock.shift(timedelta(seconds=1))
        assert not is_signed_in(browser)


def test_an_operator_signs_out_one_account_or_everybody(user, own, other):
    elsewhere = sign_in(make.make_user())
    call_command("sign_out", user.username, reason="lost laptop", stdout=StringIO())
    assert ended(user, own)
    assert is_signed_in(elsewhere)
    call_command("sign_out", everybody=True, reason="lost backup", stdout=StringIO())
    assert not is_signed_in(elsewhere)
    entries = AuditEntry.objects.filter(action="sign_out").order_by("pk").values_list("target", "reason")
    assert list(entries) == [(f"user:{user.pk}", "lost laptop"), ("everybody:all", "lost backup")]


@pytest.mark.parametrize("names", [{}, {"login": "mina", "everybody": True}, {"login": "nobody"}])
def test_an_operator_who_names_no_single_account_signs_nobody_out(user, own, names):
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("sign_out", **{"reason": "lost laptop", **names})
    assert is_signed_in(own)
