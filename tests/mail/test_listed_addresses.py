"""Mail to addresses on class lists: only if the site allows it, and only to those who want it."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.core import mail
from django.test import Client

from announcements.services import post_announcement
from course.models import Course
from mail.models import ListedAddress, Mail, MutedMail
from mail.services import notify, set_mail_wanted
from people.models import Enrollment
from tests import factories as make
from tests.people.listing import put_on_list, send_mail
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
def course():
    return make.make_course(title="Vector calculus")


@pytest.fixture
def author():
    return make.make_user(username="prof", is_staff=True)


@pytest.fixture
def policy(settings):
    settings.MAILS_CLASS_LISTS = True


def post(course, author, key="k"):
    content = {"title": "Room 12", "text": "We meet in room 12.", "audience": "everyone", "group": ""}
    post_announcement(course=course, author=author, key=key, is_mailed=True, now=make.NOW, **content)


def mailed(course, author, key="k"):
    """Announce something. Return who got it, and what became of the others' messages."""
    send_mail()
    mail.outbox.clear()
    post(course, author, key)
    send_mail()
    rows = Mail.objects.filter(announcement__key=key).exclude(result="sent")
    return sorted(letter.to[0] for letter in mail.outbox), dict(rows.values_list("user__email", "result"))


def stop_link():
    return mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix(configured.SITE_URL)


def test_unless_the_site_allows_it_a_listed_address_gets_nothing(course, author):
    put_on_list(course, author, ADA)
    assert mailed(course, author) == ([], {ADA: "unconfirmed"})
    assert set(Mail.objects.values_list("kind", flat=True)) == {"announcements"}


def test_if_the_site_allows_it_a_listed_address_gets_the_courses_announcements_and_notices(policy, course, author):
    ada, _bob = put_on_list(course, author, ADA, BOB)
    assert mailed(course, author) == ([ADA, BOB], {})
    assert "because your address is on the class list of the course" in mail.outbox[0].body
    mail.outbox.clear()
    notify(what="dates", key="1", course_id=course.pk, user_ids=[ada.pk], now=make.NOW)
    assert (send_mail(), [letter.to for letter in mail.outbox]) == (1, [[ADA]])
    assert "because your address is on the class list of Vector calculus" in mail.outbox[0].body


def test_an_address_that_no_list_has_gets_nothing_from_the_course(policy, course, author):
    ada = make.enroll(course=course)
    assert mailed(course, author) == ([], {ada.email: "unconfirmed"})
    put_on_list(make.make_course(), author, ADA)
    assert mailed(course, author, "again") == ([], {ada.email: "unconfirmed"})


def test_a_person_who_switched_mail_off_gets_none_at_a_listed_address(policy, course, author):
    ada, _bob = put_on_list(course, author, ADA, BOB)
    set_mail_wanted(user=ada, wanted={"announcements": False})
    assert mailed(course, author) == ([BOB], {ADA: "unwanted"})


def test_a_confirmed_address_gets_the_mail_instead_of_the_listed_one(policy, course, author):
    (ada,) = put_on_list(course, author, ADA)
    EmailAddress.objects.filter(user=ada).update(primary=False)
    EmailAddress.objects.create(user=ada, email="own@example.org", verified=True, primary=True)
    assert mailed(course, author) == (["own@example.org"], {})


def test_a_reader_of_the_address_stops_this_courses_mail_and_changes_nothing_else(policy, course, author):
    (ada,) = put_on_list(course, author, ADA)
    assert mailed(course, author)[0] == [ADA]
    page, reader = stop_link(), Client(enforce_csrf_checks=True)
    assert f"{ADA} is on the class list of Vector calculus." in text(reader.get(page))
    assert ListedAddress.objects.get().stopped_at is None
    assert f"{ADA} no longer gets email of Vector calculus." in text(reader.post(page))
    assert mailed(course, author, "again") == ([], {ADA: "unwanted"})
    assert not MutedMail.objects.exists()
    EmailAddress.objects.filter(user=ada).update(verified=True)
    assert mailed(course, author, "confirmed")[0] == [ADA]


def test_mail_stops_when_another_account_confirms_the_address(policy, course, author):
    put_on_list(course, author, ADA)
    EmailAddress.objects.create(user=make.make_user(), email=ADA, verified=True, primary=True)
    assert mailed(course, author) == ([], {ADA: "unconfirmed"})


def test_mail_stops_when_the_person_takes_the_address_off_their_account(policy, course, author):
    (ada,) = put_on_list(course, author, ADA)
    EmailAddress.objects.get(user=ada).remove()
    assert mailed(course, author) == ([], {"": "unconfirmed"})


def test_what_changes_between_posting_and_sending_is_seen_at_sending(policy, course, author):
    ada, bob, cy = put_on_list(course, author, ADA, BOB, "cy@example.org")
    send_mail()
    post(course, author)
    set_mail_wanted(user=ada, wanted={"announcements": False})
    ListedAddress.objects.filter(user=bob).update(stopped_at=make.NOW)
    Enrollment.objects.filter(user=cy).update(unenrolled_at=make.NOW)
    mail.outbox.clear()
    assert (send_mail(), mail.outbox) == (0, [])
    results = dict(Mail.objects.filter(kind="announcements").values_list("user__email", "result"))
    assert results == {ADA: "unwanted", BOB: "unwanted", "cy@example.org": "withdrawn"}


def test_a_hidden_course_asks_nobody_and_asks_when_the_list_is_applied_again(policy, course, author):
    Course.objects.update(visibility="hidden")
    put_on_list(course, author, ADA)
    assert (send_mail(), list(Mail.objects.values_list("result", flat=True))) == (0, ["withdrawn"])
    Course.objects.update(visibility="listed")
    put_on_list(course, author, ADA, now=make.NOW.replace(minute=5))
    assert (send_mail(make.NOW.replace(minute=5)), [letter.to for letter in mail.outbox]) == (1, [[ADA]])
