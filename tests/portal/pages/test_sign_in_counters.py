"""What counts failed sign-ins: nothing that strangers do resets it, it tells nobody who has an account, and it stays small."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import SignInFailure
from accounts.services import SignIn, count_failed_sign_ins
from quizzes.services import start_sitting
from tests import factories as make
from tests.portal.pages.test_sign_in import ELSEWHERE, HALL, WAYS, WRONG, device_of, guess, through_form
from tests.statements import BOUNDS

pytestmark = pytest.mark.django_db
NAMES = 3_000
ROWS = 3  # of one failure: against the account, the account from this address, and the address


def fail(times, address):
    """Count failures of made-up names from the addresses that `address` returns, as the pages do."""
    for number in range(times):
        count_failed_sign_ins(sign_ins=[SignIn(f"name-{number}", None, address(number))], now=timezone.now())


def everywhere(number):
    return f"2001:db8:{number:x}::"


def empty_caches():
    """Do what a restart does, and Redis when it is full."""
    for cache in caches.all():
        cache.clear()


@WAYS
def test_a_restart_keeps_an_account_locked(sign_in):
    user = make.make_user()
    guess(sign_in, user.username, 10)
    empty_caches()
    assert sign_in(user.username) == "locked"


@WAYS
def test_an_account_stays_locked_whatever_names_others_type(sign_in):
    user = make.make_user()
    guess(sign_in, user.username, 10)
    for number in range(150):
        sign_in(f"name-{number}", WRONG, address=ELSEWHERE)
    assert sign_in(user.username) == "locked"


@pytest.mark.parametrize("address", [lambda number: ELSEWHERE, everywhere], ids=["one address", "many addresses"])
def test_thousands_of_made_up_names_reset_no_lock(address):
    user = make.make_user()
    guess(through_form, user.username, 10)
    fail(NAMES, address)
    assert through_form(user.username) == "locked"


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False) as clock:
        yield clock


@WAYS
def test_a_failure_counts_for_five_minutes(sign_in, clock):
    user = make.make_user()
    guess(sign_in, user.username, 10)
    clock.shift(timedelta(minutes=5, seconds=-1))
    assert sign_in(user.username) == "locked"
    clock.shift(timedelta(seconds=1))
    assert sign_in(user.username) == "in"


def statements_of(sign_in, name):
    """Return what a guess does in the database, without the values."""
    with CaptureQueriesContext(connection) as asked:
        told = sign_in(name, WRONG)
    return told, [query["sql"].split()[0] for query in asked if not query["sql"].startswith(BOUNDS)]


@WAYS
def test_a_failure_takes_as_many_statements_in_a_full_table_as_in_an_empty_one(sign_in):
    user = make.make_user()
    statements_of(sign_in, user.username)
    empty = statements_of(sign_in, user.username)
    fail(NAMES, everywhere)
    assert statements_of(sign_in, user.username) == empty
    assert [word for word in empty[1] if word in {"INSERT", "UPDATE", "DELETE"}] == ["INSERT"]


@WAYS
@pytest.mark.parametrize(("field", "made_up"), [("username", "nobody-here"), ("email", "nobody@example.org")])
def test_a_name_without_an_account_looks_and_costs_the_same_before_and_after_its_lock(sign_in, field, made_up):
    user = make.make_user()
    statements_of(sign_in, user.username)
    known, unknown = ([statements_of(sign_in, name) for _ in range(12)] for name in (getattr(user, field), made_up))
    assert [told for told, _ in known] == ["refused"] * 9 + ["locked"] * 3
    assert [told for told, _ in unknown] == ["refused"] * 10 + ["locked"] * 2
    assert known[:9] == unknown[:9]
    assert known[-1] == unknown[-1]


@WAYS
def test_a_name_without_an_account_is_locked_from_everywhere_as_one_with_an_account(sign_in):
    told = [sign_in("nobody-here", WRONG, address=f"198.51.100.{number}") for number in range(1, 32)]
    assert told == ["refused"] * 30 + ["locked"]


@WAYS
def test_a_failure_stores_three_rows_and_a_refused_sign_in_none(sign_in, settings):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}
    user = make.make_user()
    guess(sign_in, user.username, 20)
    assert SignInFailure.objects.count() == 10 * ROWS
    for number in range(20):
        sign_in(f"name-{number}", WRONG)
    assert SignInFailure.objects.count() == 12 * ROWS


def test_the_sweeper_removes_failures_once_they_count_no_more(clock):
    fail(2, everywhere)
    clock.shift(timedelta(minutes=5, seconds=-1))
    fail(1, everywhere)
    call_command("sweep", once=True)
    assert SignInFailure.objects.count() == 3 * ROWS
    clock.shift(timedelta(seconds=1))
    call_command("sweep", once=True)
    assert SignInFailure.objects.count() == ROWS


def test_no_row_holds_a_name_or_an_address():
    user = make.make_user()
    for name in (user.username, "nobody-here"):
        through_form(name, WRONG)
    stored = str(list(SignInFailure.objects.values()))
    assert [word in stored for word in (user.username, "nobody-here", HALL)] == [False] * 3


@WAYS
def test_addresses_of_one_ipv6_network_share_a_limit_and_others_do_not(sign_in):
    user = make.make_user()
    told = [sign_in(user.username, WRONG, address=f"2001:db8::{number:x}") for number in range(11)]
    assert told == ["refused"] * 10 + ["locked"]
    assert sign_in(user.username, address="2001:db8:0:1::1") == "in"


@WAYS
def test_ipv4_addresses_in_the_form_of_ipv6_share_no_limit(sign_in):
    """A proxy that listens on both writes them so, and all of them are in one network of IPv6."""
    user = make.make_user()
    guess(sign_in, user.username, 10, address=f"::ffff:{HALL}")
    assert sign_in(user.username, address=HALL) == "locked"
    assert sign_in(user.username, address=f"::ffff:{ELSEWHERE}") == "in"


@pytest.fixture
def full_address(settings):
    """Let so many sign-ins fail at HALL that new devices are refused there."""
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}

    def fill():
        fail(12, lambda number: HALL)
        assert through_form(make.make_user().username) == "locked"

    return fill


def test_at_an_address_with_too_many_failures_known_devices_still_sign_in(full_address):
    user = make.make_user()
    known = device_of(user)
    full_address()
    assert through_form(user.username, WRONG, client=known) == "refused"
    assert through_form(user.username, client=known) == "in"


def test_at_an_address_with_too_many_failures_a_session_still_confirms_its_password(full_address):
    browser = Client()
    browser.force_login(make.make_user())
    full_address()
    answer = browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD}, REMOTE_ADDR=HALL)
    assert answer.status_code == 302


@WAYS
def test_at_an_address_with_too_many_failures_a_learner_in_an_exam_still_signs_in(sign_in, full_address):
    course = make.make_course()
    learner = make.enroll(course=course)
    start_sitting(learner=learner, assessment=make.make_exam(course=course), now=timezone.now())
    full_address()
    assert sign_in(learner.username, WRONG) == "refused"
    assert sign_in(learner.username) == "in"
