"""Guesses at passwords and codes that come at once: each counts, and none gets past a limit that must be exact."""

from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SignInFailure, User
from accounts.services import SignIn, begin_code_check, count_failed_sign_ins, has_failed_too_often, use_code
from tests import factories as make
from tests.portal.pages.test_access import SECRET, one_time_code
from tests.races.running import CROWD, in_threads

HALL = "203.0.113.7"


def test_sixteen_wrong_passwords_at_once_count_sixteen_times():
    user = make.make_user()
    fields = {"login": user.username, "password": "not the password"}
    in_threads(lambda number: Client().post("/accounts/login/", fields, REMOTE_ADDR=f"203.0.113.{number}"))
    counted = dict.fromkeys(("account", "account_and_address", "address"), CROWD)
    assert {limit: SignInFailure.objects.filter(limit=limit).count() for limit in counted} == counted


def test_sixteen_failures_of_one_account_at_one_address_lock_it_there():
    attempt = SignIn("someone", make.make_user(), HALL)
    in_threads(lambda number: count_failed_sign_ins(sign_ins=[attempt], now=make.NOW))
    assert SignInFailure.objects.count() == 3 * CROWD
    assert has_failed_too_often(sign_in=attempt, now=make.NOW)


def test_of_sixteen_codes_at_once_ten_are_checked():
    user = make.make_user()
    told = in_threads(lambda number: begin_code_check(user=user, now=make.NOW))
    assert (told.count(True), told.count(False)) == (10, CROWD - 10)


@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_one_code_that_sixteen_send_at_once_is_accepted_once(kind):
    user = make.make_user()
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False):
        if kind == "app":
            TOTP.activate(user, SECRET)
            code = one_time_code()
        else:
            code = RecoveryCodes.activate(user).get_unused_codes()[0]
        told = in_threads(lambda number: use_code(user=user, code=code))
    assert (told.count(Authenticator.objects.get()), told.count(None)) == (1, CROWD - 1)


def test_no_failure_is_counted_inside_a_transaction_that_could_undo_it():
    user = make.make_user()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        count_failed_sign_ins(sign_ins=[SignIn("someone", user, HALL)], now=make.NOW)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        begin_code_check(user=user, now=make.NOW)


def test_a_failed_sign_in_writes_one_statement_in_a_transaction_of_its_own():
    user = make.make_user()
    with CaptureQueriesContext(connection) as asked:
        Client().post("/accounts/login/", {"login": user.username, "password": "not the password"})
    words = [query["sql"].split()[0] for query in asked]
    begin = words.index("BEGIN")
    assert words[begin : begin + 3] == ["BEGIN", "INSERT", "COMMIT"]
    assert [word for word in words if word in {"BEGIN", "INSERT", "UPDATE", "DELETE"}] == ["BEGIN", "INSERT"]


if connection.vendor == "postgresql":  # SQLite has one lock for all, so there only the length of a transaction matters

    def test_a_failure_is_counted_while_others_change_the_account():
        user = make.make_user()
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            in_threads(lambda _: count_failed_sign_ins(sign_ins=[SignIn("ada", user, HALL)], now=make.NOW), crowd=2)
        assert SignInFailure.objects.count() == 6
