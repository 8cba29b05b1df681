"""Addresses on class lists: their people confirm them, and nobody else can do anything with them."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from course.refusals import Refusal
from mail.models import ListedAddress, Mail
from people.rules.roster import read_roster
from people.selectors import listing_token
from people.services import confirm_listed_address, plan_roster
from portal.rights.selectors import account_tables
from portal.rights.services import erase_person
from records.models import AuditEntry
from tests import factories as make
from tests.people.listing import listing_of, put_on_list, send_mail
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
ADA, LATER = "ada@example.org", make.NOW + timedelta(days=1)
RESET_LINK = re.compile(r"/accounts/password/reset/key/\S+")


@pytest.fixture(autouse=True)
def policy(settings):
    settings.MAILS_CLASS_LISTS = True


@pytest.fixture
def author():
    return make.make_user(username="grace", is_staff=True)


@pytest.fixture
def course():
    return make.make_course(title="Vector calculus")


@pytest.fixture
def ada(course, author):
    """Somebody whose account a class list made, and who has set a password since."""
    (person,) = put_on_list(course, author, ADA)
    person.set_password(make.PASSWORD)
    person.save()
    return person


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


def page_of(person):
    return f"/listed/{listing_token(listing_of(person))}/"


def is_confirmed(person):
    return EmailAddress.objects.filter(user=person, verified=True).exists()


def reset_mail(address):
    """Ask to reset the password of this address. Return the subjects of the mail, and whether one has the link."""
    mail.outbox.clear()
    assert Client().post("/accounts/password/reset/", {"email": address}).status_code == 302
    return [letter.subject for letter in mail.outbox], any(RESET_LINK.search(letter.body) for letter in mail.outbox)


def refused(act):
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def test_a_list_notes_its_addresses_and_asks_once_to_confirm_them(course, author):
    bob = make.make_user(username="bob")
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    for at in (make.NOW, LATER):
        put_on_list(course, author, "Ada@Example.org", bob.email, now=at)
    rows = ListedAddress.objects.order_by("pk").values_list("email", "author", "listed_at", "has_made_account")
    assert list(rows) == [(ADA, author.pk, make.NOW, True), (bob.email, author.pk, make.NOW, False)]
    assert list(Mail.objects.values_list("user__email", "kind")) == [("Ada@Example.org", "confirmations")]


def test_a_list_that_was_applied_under_another_policy_asks_when_it_is_applied_again(course, author, settings):
    settings.MAILS_CLASS_LISTS = False
    put_on_list(course, author, ADA)
    assert not Mail.objects.exists()
    settings.MAILS_CLASS_LISTS = True
    put_on_list(course, author, ADA)
    assert (send_mail(), [letter.to for letter in mail.outbox]) == (1, [[ADA]])


def test_the_message_has_the_link_and_says_who_sent_it(ada, settings):
    settings.SITE_URL, settings.SITE_NAME = "https://learn.example.org", "Maths at Example"
    assert send_mail() == 1
    (letter,) = mail.outbox
    assert letter.subject == "[Maths at Example] Confirm your address for Vector calculus"
    assert "Grace put this email address on the class list of “Vector calculus” on Maths at Example." in letter.body
    html = letter.alternatives[0][0]
    assert all(f"https://learn.example.org{page_of(ada)}" in body for body in (letter.body, html))
    assert all("https://learn.example.org/mail/unsubscribe/" in body for body in (letter.body, html))


def test_only_the_account_on_the_list_confirms_its_address_with_the_link(ada):
    stranger = signed_in(make.make_user())
    assert [stranger.get(page_of(ada)).status_code, stranger.post(page_of(ada)).status_code] == [403, 403]
    visitor = Client()
    assert visitor.post(page_of(ada)).headers["Location"] == f"/accounts/login/?next={page_of(ada)}"
    assert visitor.get("/listed/1.made-up/").status_code == 302
    own = signed_in(ada)
    assert own.get("/listed/1.made-up/").status_code == 404
    assert "Confirm the address" in text(own.get(page_of(ada)))
    assert not is_confirmed(ada)
    assert own.post(page_of(ada)).status_code == 302
    assert is_confirmed(ada)
    assert "Your address is confirmed" in text(own.get(page_of(ada)))


def test_the_reader_of_a_mistyped_address_resets_nothing_until_its_account_confirms_it(ada):
    assert reset_mail(ADA) == (["[Finalcheck] Your address is not confirmed yet"], False)
    assert "nobody has confirmed it" in mail.outbox[0].body
    confirm_listed_address(user=ada, token=listing_token(listing_of(ada)))
    assert reset_mail(ADA) == (["[Finalcheck] Reset your password"], True)


def test_an_address_that_a_person_entered_resets_their_password_although_it_is_on_a_list(course, author):
    bob = make.enroll(course=course, user=make.make_user(username="bob"))
    put_on_list(course, author, bob.email)
    assert listing_of(bob).has_made_account is False
    assert reset_mail(bob.email)[1] is True


def test_an_address_on_a_list_signs_in_to_no_account_once_another_account_has_confirmed_it(ada):
    owner = make.make_user(username="owner", is_staff=False)
    EmailAddress.objects.create(user=owner, email=ADA, verified=True, primary=True)
    ada.set_password("a-password-of-ada")
    ada.save()
    assert not Client().login(username=ADA, password="a-password-of-ada")
    assert reset_mail(ADA)[1] is True
    assert "owner" in mail.outbox[0].body
    assert (
        refused(lambda: confirm_listed_address(user=ada, token=listing_token(listing_of(ada)))) == "address_of_another"
    )
    assert not is_confirmed(ada)


def test_an_address_on_a_list_joins_no_accounts_of_other_courses(ada, author):
    elsewhere = make.make_course()
    plan = plan_roster(course=elsewhere, rows=read_roster(f"email\n{ADA}\n").rows)
    assert [fate.kind for fate in plan.fates] == ["create"]
    (other,) = put_on_list(elsewhere, author, ADA)
    assert other != ada
    assert User.objects.filter(email=ADA).count() == 2


def test_a_list_with_another_address_ends_the_links_to_the_wrong_one(ada, course, author):
    wrong, right = listing_of(ada), "ada@right.example.org"
    EmailAddress.objects.filter(user=ada).update(primary=False)
    EmailAddress.objects.create(user=ada, email=right, verified=True, primary=True)
    assert put_on_list(course, author, right) == [ada]
    assert listing_of(ada).email == right
    assert refused(lambda: confirm_listed_address(user=ada, token=listing_token(wrong))) == "not_found"
    assert list(EmailAddress.objects.filter(user=ada).values_list("email", flat=True)) == [right]
    assert reset_mail(ADA)[1] is False


def test_a_persons_archive_has_the_address_and_erasing_the_person_removes_it(ada, author):
    entry = dict(account_tables(ada.pk))["addresses_on_class_lists"]
    assert [(row["email"], row["listed_at"]) for row in entry] == [(ADA, make.NOW)]
    erase_person(user=ada, actor=None, reason="asked", now=LATER)
    assert (ListedAddress.objects.count(), Mail.objects.count()) == (0, 0)
    assert not any(ADA in str(row) for row in AuditEntry.objects.values_list("details", "reason", "target"))
    assert User.objects.filter(pk=author.pk).exists()


def test_settings_say_where_mail_goes_until_an_address_is_confirmed(ada, course):
    shown = text(signed_in(ada).get("/settings/"))
    assert f"Email of {course.title} goes to {ADA}, which is on the class list." in shown
    ListedAddress.objects.update(stopped_at=LATER)
    assert f"Email of {course.title} no longer goes to {ADA}" in text(signed_in(ada).get("/settings/"))
