"""The secrets of second factors are encrypted, and a new secret key ends neither them nor sessions."""

from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from accounts.services import decrypt_factor, encrypt_factor, renew_factors
from tests import factories as make

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
NEW_KEY = "another-key-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def stopped_clock():
    """Let no code expire between being made and being checked."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def user():
    return make.make_user()


def code_now():
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def stored(user, kind="totp"):
    return Authenticator.objects.get(user=user, type=kind)


def change_key(settings, *, keeps_old):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keeps_old else []
    settings.SECRET_KEY = NEW_KEY


def test_neither_the_secret_of_an_app_nor_the_seed_of_recovery_codes_is_stored_in_clear(user):
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user)
    app, seed = stored(user).data["secret"], stored(user, "recovery_codes").data["seed"]
    assert (app.split(":")[0], seed.split(":")[0]) == ("aesgcm", "aesgcm")
    assert SECRET not in app
    assert stored(user).wrap().validate_code(code_now())
    assert stored(user, "recovery_codes").wrap().validate_code(codes.get_unused_codes()[0])


def test_each_encryption_differs_and_an_altered_one_is_not_read():
    one, other = encrypt_factor(SECRET), encrypt_factor(SECRET)
    assert one != other
    assert decrypt_factor(one) == decrypt_factor(other) == SECRET
    letter = "A" if one[30] != "A" else "B"
    assert decrypt_factor(one[:30] + letter + one[31:]) != SECRET


def test_what_an_earlier_version_stored_works_and_is_encrypted_at_the_next_start(user):
    Authenticator.objects.bulk_create([Authenticator(user=user, type="totp", data={"secret": SECRET})])
    assert stored(user).wrap().validate_code(code_now())
    assert (renew_factors(), renew_factors()) == (1, 0)
    assert stored(user).data["secret"].startswith("aesgcm:")
    assert decrypt_factor(stored(user).data["secret"]) == SECRET


def test_an_old_key_still_reads_until_the_next_start_has_encrypted_with_the_new_one(user, settings):
    TOTP.activate(user, SECRET)
    change_key(settings, keeps_old=True)
    assert decrypt_factor(stored(user).data["secret"]) == SECRET
    assert (renew_factors(), renew_factors()) == (1, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert decrypt_factor(stored(user).data["secret"]) == SECRET


def test_without_the_key_no_code_is_right_and_the_secret_is_not_lost(user, settings):
    TOTP.activate(user, SECRET)
    before, old = stored(user).data, settings.SECRET_KEY
    change_key(settings, keeps_old=False)
    seen = {decrypt_factor(stored(user).data["secret"]) for _ in range(3)}
    assert (len(seen), SECRET in seen) == (3, False)
    assert not stored(user).wrap().validate_code(code_now())
    assert (renew_factors(), stored(user).data) == (0, before)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert stored(user).wrap().validate_code(code_now())


@pytest.mark.parametrize(("keeps_old", "status"), [(True, 200), (False, 302)])
def test_a_new_secret_key_signs_nobody_out_while_the_old_one_is_named(user, settings, keeps_old, status):
    browser = Client()
    browser.force_login(user)
    change_key(settings, keeps_old=keeps_old)
    assert browser.get("/settings/").status_code == status
