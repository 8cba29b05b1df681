"""Signing in: guessing is limited, and other people's guesses lock nobody out."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from quizzes.models import Sitting
from quizzes.rules.timing import NO_END, accepts_until
from quizzes.services import start_sitting
from tests import factories as make

pytestmark = pytest.mark.django_db
HALL = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
WRONG = "not the password"
OTHER = "another-long-word"


def through_form(name, password=make.PASSWORD, *, address=HALL, client=None):
    """Return whether this sign-in was accepted, refused, or locked."""
    answer = (client or Client()).post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)
    if answer.status_code == 302:
        return "in"
    assert answer.status_code == 200
    return "locked" if "Too many sign-ins failed" in answer.content.decode() else "refused"


def through_api(name, password=make.PASSWORD, *, address=HALL, client=None):
    body = {"username": name, "password": password}
    answer = (client or Client()).post("/api/v1/tokens/", body, content_type="application/json", REMOTE_ADDR=address)
    return {201: "in", 401: "refused", 429: "locked"}[answer.status_code]


WAYS = pytest.mark.parametrize("sign_in", [through_form, through_api])


def guess(sign_in, name, times, **options):
    return [sign_in(name, WRONG, **options) for _ in range(times)]


@WAYS
def test_five_hundred_people_sign_in_from_one_address(sign_in):
    password = make.make_user().password
    people = [User(username=f"learner-{number}", password=password) for number in range(500)]
    User.objects.bulk_create(people)
    assert [sign_in(person.username) for person in people] == ["in"] * 500


@WAYS
def test_failures_under_a_made_up_name_lock_nobody_else_at_the_address(sign_in):
    user = make.make_user()
    assert guess(sign_in, "nobody-here", 40)[-1] == "locked"
    assert sign_in(user.username) == "in"


@WAYS
def test_guessing_from_one_address_is_locked_there_and_not_elsewhere(sign_in):
    user = make.make_user()
    assert guess(sign_in, user.username, 11) == ["refused"] * 10 + ["locked"]
    assert sign_in(user.username) == "locked"
    assert sign_in(user.username, address=ELSEWHERE) == "in"


@WAYS
def test_guessing_from_many_addresses_locks_the_account_for_strangers(sign_in):
    user = make.make_user()
    told = [sign_in(user.username, WRONG, address=f"198.51.100.{number}") for number in range(1, 32)]
    assert told == ["refused"] * 30 + ["locked"]
    assert sign_in(user.username, address="198.51.100.200") == "locked"


def test_names_and_email_addresses_of_an_account_share_one_limit():
    user = make.make_user()
    logins = [user.username, user.email, user.username.upper(), user.email.upper()] * 3
    assert [through_form(login, WRONG) for login in logins] == ["refused"] * 10 + ["locked"] * 2
    assert through_api(user.email) == "locked"


@WAYS
def test_one_password_for_many_names_locks_the_address(sign_in, settings):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}
    user = make.make_user()
    assert [sign_in(f"name-{number}", WRONG) for number in range(13)] == ["refused"] * 12 + ["locked"]
    assert sign_in(user.username) == "locked"
    assert sign_in(user.username, address=ELSEWHERE) == "in"


@WAYS
def test_refused_sign_ins_count_for_nobody(sign_in, settings):
    """Otherwise a locked name would finally lock its whole address."""
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}
    user = make.make_user()
    guess(sign_in, "nobody-here", 40)
    assert sign_in(user.username) == "in"


def test_a_device_that_signed_in_before_still_signs_in_while_the_account_is_locked():
    user, known = make.make_user(), Client()
    assert through_form(user.username, client=known) == "in"
    known.post("/accounts/logout/")
    for number in range(40):
        through_form(user.username, WRONG, address=f"198.51.100.{number}")
    assert through_form(user.username, client=Client()) == "locked"
    assert through_form(user.username, client=known) == "in"


def test_a_device_is_known_only_to_the_accounts_that_signed_in_on_it():
    ann, ben, shared = make.make_user(), make.make_user(), Client()
    for person in (ann, ben):
        assert through_form(person.username, client=shared) == "in"
        shared.post("/accounts/logout/")
    others = make.make_user()
    for name in (ann.username, ben.username, others.username):
        guess(through_form, name, 11)
    told = {person: through_form(person.username, client=shared) for person in (others, ben)}
    assert told == {others: "locked", ben: "in"}


def test_guesses_from_a_known_device_are_limited_too_and_lock_no_other_device():
    user, known = make.make_user(), Client()
    through_form(user.username, client=known)
    known.post("/accounts/logout/")
    assert guess(through_form, user.username, 11, client=known) == ["refused"] * 10 + ["locked"]
    assert through_form(user.username) == "in"


def test_the_mark_of_a_known_device_cannot_be_made_up():
    user, forger = make.make_user(), Client()
    forger.cookies["known_device"] = f"abc:{user.pk}:def"
    guess(through_form, user.username, 10)
    assert through_form(user.username, client=forger) == "locked"


def test_a_session_confirms_its_password_while_its_account_is_locked():
    user, browser = make.make_user(), Client()
    browser.force_login(user)
    guess(through_form, user.username, 11)
    answer = browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD}, REMOTE_ADDR=HALL)
    assert answer.status_code == 302


@pytest.fixture
def owner():
    """Somebody whose email address is the username of another account, `named_like`."""
    return make.make_user()


@pytest.fixture
def named_like(owner):
    person = make.make_user(username=owner.email)
    person.email = "named-like@example.org"
    person.set_password(OTHER)
    person.save()
    return person


def device_of(person, password=make.PASSWORD):
    """Return a browser in which this person signed in and out."""
    browser = Client()
    assert through_form(person.email, password, client=browser) == "in"
    browser.post("/accounts/logout/")
    return browser


@WAYS
def test_a_device_that_knows_the_other_account_of_a_name_brings_no_more_guesses(sign_in, owner, named_like):
    told = [sign_in(owner.email, WRONG, client=device_of(named_like, OTHER)) for _ in range(12)]
    assert told == ["refused"] * 10 + ["locked"] * 2
    assert sign_in(owner.username) == "locked"
    assert sign_in(named_like.email, OTHER, client=device_of(named_like, OTHER)) == "in"


@WAYS
def test_an_exam_of_the_other_account_of_a_name_brings_no_more_guesses(sign_in, owner, named_like):
    course = make.make_course()
    make.enroll(course=course, user=named_like)
    start_sitting(learner=named_like, assessment=make.make_exam(course=course), now=timezone.now())
    assert guess(sign_in, owner.email, 11) == ["refused"] * 10 + ["locked"]
    assert sign_in(owner.email, client=Client()) == "locked"
    assert sign_in(named_like.username, OTHER) == "in"


@WAYS
def test_a_session_of_the_other_account_of_a_name_brings_no_more_guesses(sign_in, owner, named_like):
    browser = Client()
    for _ in range(10):
        browser.force_login(named_like)
        browser.post("/accounts/reauthenticate/", {"password": WRONG}, REMOTE_ADDR=HALL)
    assert sign_in(owner.username) == "locked"


@WAYS
def test_guesses_at_a_name_of_two_accounts_count_for_each_and_once_for_the_address(
    sign_in, owner, named_like, settings
):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}
    guess(sign_in, owner.email, 10)
    assert [sign_in(person.username) for person in (owner, named_like)] == ["locked"] * 2
    assert guess(sign_in, make.make_user().username, 3) == ["refused"] * 2 + ["locked"]


@WAYS
def test_who_owns_the_address_signs_in_on_a_known_device_whatever_is_guessed_at_the_name(sign_in, owner, named_like):
    known = device_of(owner)
    for number in range(40):
        sign_in(owner.email, WRONG, address=f"198.51.100.{number}")
    assert sign_in(owner.email, address="198.51.100.200") == "locked"
    assert sign_in(owner.email, client=known) == "in"


@WAYS
def test_both_accounts_of_a_name_sign_in_with_it(sign_in, owner, named_like):
    assert [sign_in(owner.email, password) for password in (make.PASSWORD, OTHER)] == ["in", "in"]


@WAYS
def test_a_learner_in_an_exam_can_sign_in_whatever_others_guessed(sign_in, settings):
    settings.SIGN_IN_LIMITS = {**settings.SIGN_IN_LIMITS, "address": 12}
    course = make.make_course()
    exam = make.make_exam(course=course)
    learner, friend = make.enroll(course=course), make.enroll(course=course)
    start_sitting(learner=learner, assessment=exam, now=timezone.now())
    for name in (learner.username, friend.username, "nobody-here"):
        guess(sign_in, name, 11)
    assert sign_in(friend.username) == "locked"
    assert sign_in(learner.username, WRONG) == "refused"
    assert sign_in(learner.username) == "in"


@WAYS
@pytest.mark.parametrize("pks", ["ab", "ba"])
def test_an_exam_with_a_clock_opens_a_locked_account_beside_one_without(sign_in, pks):
    course, now = make.make_course(), timezone.now()
    learner = make.enroll(course=course)
    for pk, ends_at in zip(pks, (NO_END, now + timedelta(hours=1)), strict=True):
        exam = make.make_exam(course=course)
        times = {"started_at": now, "deadline_at": ends_at, "accepts_until": accepts_until(ends_at)}
        Sitting.objects.create(pk=pk, learner=learner, assessment=exam, is_untimed=ends_at == NO_END, **times)
    guess(sign_in, learner.username, 11)
    assert sign_in(learner.username) == "in"


@WAYS
def test_an_exam_without_a_time_limit_does_not_open_a_locked_account(sign_in):
    course = make.make_course()
    learner = make.enroll(course=course)
    start_sitting(learner=learner, assessment=make.make_exam(course=course, time_limit=None), now=timezone.now())
    guess(sign_in, learner.username, 11)
    assert sign_in(learner.username) == "locked"


def reset_password(user):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": user.email})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "a-new-long-word", "password2": "a-new-long-word"}, REMOTE_ADDR=HALL)


def test_a_reset_password_opens_a_locked_account():
    user = make.make_user()
    guess(through_form, user.username, 11)
    reset_password(user)
    assert through_form(user.username, "a-new-long-word") == "in"


def test_a_reset_password_opens_no_other_account_with_the_same_address():
    owner, other = make.make_user(), make.make_user()
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    EmailAddress.objects.create(user=other, email=owner.email)
    guess(through_form, owner.username, 11)
    reset_password(other)
    assert through_form(other.username, "a-new-long-word") == "in"
    assert through_form(owner.username) == "locked"


def test_a_locked_account_page_says_what_happened_what_is_safe_and_what_to_do(client):
    guess(through_form, "nobody-here", 10)
    body = {"username": "nobody-here", "password": WRONG}
    answer = client.post("/api/v1/tokens/", body, content_type="application/json", REMOTE_ADDR=HALL)
    assert answer.json()["detail"].startswith(
        "Too many sign-ins failed. The account is safe and unchanged. Wait five minutes and try again, "
        "use a device on which you have signed in before, or reset your password."
    )
    assert (answer.json()["code"], answer.headers["Retry-After"]) == ("throttled", "300")


@pytest.mark.parametrize(
    "headers",
    [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}],
    ids=["of a script", "that wants JSON"],
)
def test_a_request_gets_the_page_as_every_other(headers):
    """allauth would put the page into JSON."""
    answer = Client().get("/accounts/login/", headers=headers)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<main" in answer.text
