"""Staff need a second factor, except in a demo on the loopback."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from announcements.models import Announcement
from tests import factories as make
from tests.portal.pages.test_access import SECRET, one_time_code
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(client, course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    person = instructor_of(course, is_staff=False)  # a role alone needs the second factor
    client.force_login(person)
    return person


def confirm_factor(client, person):
    """Let the session remember that a second factor was used now, as a sign-in does."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": datetime.now(UTC).timestamp()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@pytest.mark.parametrize("name", ["admin:index", "dashboard", "audit"])
def test_without_a_second_factor_every_staff_page_leads_to_adding_one(client, course, teacher, name):
    url = reverse(name, args=[] if ":" in name else [course.slug])
    assert client.get(url).url == reverse("mfa_index")
    assert client.post(url).url == reverse("mfa_index")


@pytest.mark.parametrize(("kind", "opens"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_an_app_or_a_passkey_is_a_second_factor_and_recovery_codes_are_not(client, course, teacher, kind, opens):
    Authenticator.objects.create(user=teacher, type=kind, data={})
    confirm_factor(client, teacher)
    assert (client.get(reverse("dashboard", args=[course.slug])).status_code == 200) is opens


def test_learners_need_no_second_factor(client, course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    client.force_login(make.enroll(course=course))
    assert client.get(reverse("course", args=[course.slug])).status_code == 200


def test_a_demo_requires_no_second_factor(client, course, teacher, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    assert client.get(reverse("dashboard", args=[course.slug])).status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False) as clock:
        yield clock


def test_after_twelve_hours_staff_confirm_the_second_factor_and_are_back(client, course, teacher, clock):
    TOTP.activate(teacher, SECRET)
    confirm_factor(client, teacher)
    page = reverse("dashboard", args=[course.slug])
    clock.shift(timedelta(hours=12, seconds=-1))
    assert client.get(page).status_code == 200
    clock.shift(timedelta(seconds=1))
    asked = client.get(page)
    assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    back = client.post(asked.headers["Location"], {"code": one_time_code()})
    assert (back.headers["Location"], client.get(page).status_code) == (page, 200)


FORM = {"title": "Room", "text": "We meet in room 7.", "audience": "everyone", "key": "k", "confirmed": "1"}


@pytest.fixture
def late(client, course, teacher, clock):
    """Let a day pass after the teacher's sign-in, and return the address of the announcements."""
    TOTP.activate(teacher, SECRET)
    confirm_factor(client, teacher)
    clock.shift(timedelta(days=1))
    return reverse("announcing", args=[course.slug])


@pytest.mark.parametrize("query", ["", "?page=2"])
def test_a_form_of_staff_that_comes_too_late_is_sent_after_the_second_factor(client, late, query):
    asked = client.post(late + query, FORM)
    assert not Announcement.objects.exists()
    confirm(client, asked)
    assert Announcement.objects.get().title == "Room"


def confirm(client, asked):
    """Enter the code that a page asked for, and return the page to which this leads."""
    return client.post(asked.headers["Location"], {"code": one_time_code()}, follow=True)


def test_the_page_that_answers_a_form_that_came_late_has_its_own_address(client, late):
    """So the form on it can be sent, and the page can be loaded again."""
    unconfirmed = {name: value for name, value in FORM.items() if name != "confirmed"}
    preview = confirm(client, client.post(late, unconfirmed))
    assert (preview.status_code, preview.request["PATH_INFO"]) == (200, late)
    assert "We meet in room 7." in preview.content.decode()
    again = client.post(late, {"code": one_time_code()})
    assert "We meet in room 7." in again.content.decode()
    assert not Announcement.objects.exists()
    client.post(late, FORM)
    assert Announcement.objects.get().title == "Room"
    assert "Room" not in str(dict(client.session)), "what was sent is kept no longer than its answer is shown"


def test_a_form_whose_page_is_opened_again_instead_is_not_sent(client, late):
    client.post(late, FORM)
    confirm(client, client.get(late))
    assert not Announcement.objects.exists()


def test_files_after_a_form_of_the_same_page_are_asked_for_again_and_the_form_is_not_sent(client, course, late):
    form = reverse("class_list", args=[course.slug])
    client.post(form, {"text": "username\nada", "confirmed": "1"})
    asked = client.post(form, {"file": SimpleUploadedFile("class.csv", b"username\nada\n")})
    back = confirm(client, asked)
    assert (back.request["REQUEST_METHOD"], back.request["PATH_INFO"]) == ("GET", form)


def test_a_form_waits_until_its_own_page_is_confirmed(client, course, late, clock):
    asked = client.post(late, FORM)
    confirm(client, client.get(reverse("dashboard", args=[course.slug])))
    assert not Announcement.objects.exists()
    clock.shift(timedelta(minutes=1))  # to another code
    confirm(client, asked)
    assert Announcement.objects.get().title == "Room"


def test_a_form_that_is_sent_late_reads_the_query_of_its_address(client, late):
    sent = confirm(client, client.post(f"{late}?pages=2", FORM))
    assert (sent.status_code, "has the parameter “pages”" in sent.content.decode()) == (400, True)


def test_a_form_of_another_site_is_not_kept_for_later(client, teacher, late):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = client.cookies
    assert browser.post(late, FORM).status_code == 403
    client.post(f"/accounts/2fa/reauthenticate/?next={late}", {"code": one_time_code()})
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"HX-Request": "true"}], ids=["draft", "preview"])
def test_what_scripts_send_meanwhile_leaves_the_form_that_waits(client, course, late, headers):
    asked = client.post(late, FORM)
    draft = reverse("text_draft", args=[course.slug, "course.yaml"])
    refused = client.post(draft, {"text": "title: New"}, headers=headers)
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "text/plain")  # the script keeps its text
    confirm(client, asked)
    assert Announcement.objects.get().title == "Room"


def test_a_form_with_files_is_not_kept_and_the_page_says_so(client, course, late):
    form = reverse("class_list", args=[course.slug])
    asked = client.post(form, {"file": SimpleUploadedFile("class.csv", b"username\nada\n")})
    assert "choose the files and send the form again" in client.get(asked.headers["Location"]).content.decode()
    back = client.post(asked.headers["Location"], {"code": one_time_code()})
    assert (back.status_code, back.headers["Location"]) == (302, form)


def test_a_password_alone_does_not_confirm_the_second_factor(client, late):
    client.post(late, FORM)
    asked = client.post(f"/accounts/reauthenticate/?next={late}", {"password": make.PASSWORD})
    assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert client.get(late).headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not Announcement.objects.exists()


def test_a_password_that_was_confirmed_elsewhere_opens_no_staff_page(client, teacher, late):
    """Such as before the account got its role."""
    session = client.session
    now = datetime.now(UTC).timestamp()
    session["account_authentication_methods"] += [{"method": "password", "at": now, "reauthenticated": True}]
    session.save()
    assert client.get(late).headers["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_calls_of_staff_from_an_old_session_must_sign_in_again(client, course, teacher, clock):
    TOTP.activate(teacher, SECRET)
    confirm_factor(client, teacher)
    call = f"/api/v1/courses/{course.slug}/gradebook/"
    assert client.get(call).status_code == 200
    clock.shift(timedelta(hours=12))
    refused = client.get(call)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


def test_pages_for_learners_stay_open_to_staff(client, course, teacher, clock):
    TOTP.activate(teacher, SECRET)
    clock.shift(timedelta(days=30))
    assert client.get(reverse("course", args=[course.slug])).status_code == 200
