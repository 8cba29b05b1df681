"""Accepting an invitation by email: signing up or in by its link, and joining the course."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import User
from course.models import Course
from people.models import Enrollment, PersonalInvitation
from people.selectors import invitation_token
from people.services import set_joining
from tests import factories as make
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db
SIGN_UP = {"username": "ada", "email": "other@example.org", "password1": "a-long-word-for-a-door"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def author():
    return make.make_user(username="grace", is_staff=True)


@pytest.fixture
def course(author):
    return set_joining(course=make.make_course(title="Vector calculus"), way="closed", author=author, now=make.NOW)


@pytest.fixture
def invitation(course, author):
    facts = {"email": "ada@example.org", "name": "Ada Lovelace", "groups": ["Monday"]}
    until = make.NOW + timedelta(days=14)
    return PersonalInvitation.objects.create(
        course=course, author=author, created_at=make.NOW, expires_at=until, **facts
    )


@pytest.fixture
def page(invitation):
    return f"/invited/{invitation_token(invitation)}/"


def with_address(email="ada@example.org", *, verified=True, **fields):
    user = make.make_user(**fields)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def signed_up(client, page, **fields):
    return client.post(f"/accounts/signup/?next={page}", {**SIGN_UP, "next": page, **fields}, follow=True)


@pytest.mark.parametrize("is_open", [True, False])
def test_somebody_without_an_account_signs_up_with_the_invited_address_and_joins(client, page, settings, is_open):
    settings.SIGN_UP = is_open
    assert f'href="/accounts/signup/?next={page}"' in client.get(page).content.decode()
    form = client.get(f"/accounts/signup/?next={page}").content.decode()
    assert ('value="ada@example.org"' in form, "readonly" in form) == (True, True)
    answer = signed_up(client, page)
    assert answer.redirect_chain[-1][0] == page
    assert 'value="Ada Lovelace"' in answer.content.decode()
    ada = User.objects.get(username="ada")
    address = EmailAddress.objects.get(user=ada)
    assert (address.email, address.verified, ada.email, mail.outbox) == ("ada@example.org", True, "ada@example.org", [])
    joined = client.post(page, {"name": "Ada King"}, follow=True)
    assert "You are enrolled." in text(joined)
    found = Enrollment.objects.get(user=ada)
    assert (found.role, found.name, found.groups.get().name) == ("learner", "Ada King", "Monday")
    assert client.get(page, follow=True).redirect_chain[-1][0] == f"/courses/{found.course.slug}/"


def test_whoever_has_confirmed_the_address_signs_in_and_joins(client, page):
    ada = with_address(username="ada")
    shown = client.get(page).content.decode()
    assert (f'href="/accounts/login/?next={page}"' in shown, "/accounts/signup/?next" in shown) == (True, False)
    assert client.post(page, {"name": "Ada"})["Location"] == f"/accounts/login/?next={page}"
    client.force_login(ada)
    assert "Join the course" in text(client.get(page))
    client.post(page, {"name": ""})
    assert Enrollment.objects.get(user=ada).is_learner is True


@pytest.mark.parametrize("end", ["withdrawn_at", "expires_at"])
def test_an_invitation_that_has_ended_says_so_and_opens_no_sign_up(client, page, settings, end):
    settings.SIGN_UP = False
    PersonalInvitation.objects.update(**{end: make.NOW})
    assert {"withdrawn_at": "This invitation was withdrawn.", "expires_at": "This invitation expired on"}[end] in text(
        client.get(page)
    )
    signed_up(client, page)
    assert User.objects.filter(username="ada").count() == 0


def test_a_confirmed_address_opens_no_sign_up_and_is_confirmed_for_nobody_else(client, page, settings):
    with_address(username="lovelace")
    signed_up(client, page, email="ada@example.org")
    assert EmailAddress.objects.get(user__username="ada").verified is False
    settings.SIGN_UP = False
    signed_up(client, page, username="another")
    assert User.objects.filter(username="another").count() == 0


@pytest.mark.parametrize(
    "ahead", ["/join/x/", "/invited/1.made-up/", "https://evil.example{page}", "/about/?next={page}"]
)
def test_no_other_way_ahead_opens_sign_up_or_confirms_an_address(client, page, settings, ahead):
    ahead = ahead.format(page=page)
    signed_up(client, ahead, email="ada@example.org")
    assert EmailAddress.objects.get(user__username="ada").verified is False
    settings.SIGN_UP = False
    signed_up(client, ahead, username="another")
    assert User.objects.filter(username="another").count() == 0


def test_another_account_reads_what_to_do_and_does_not_join(client, page):
    bob = with_address("bob@example.org", username="bob")
    client.force_login(bob)
    assert "You are signed in as bob, and this account does not have the address ada@example.org." in text(
        client.get(page)
    )
    refused = client.post(page, {"name": "Bob"})
    assert (refused.status_code, "This invitation is for another email address" in text(refused)) == (403, True)
    assert Enrollment.objects.filter(user=bob).count() == 0


@pytest.mark.parametrize("is_accepted", [False, True])
def test_who_signs_out_for_another_account_comes_back_to_the_invitation(client, page, is_accepted):
    if is_accepted:
        PersonalInvitation.objects.update(accepted_at=make.NOW, accepted_by=with_address(username="ada"))
    client.force_login(with_address("bob@example.org", username="bob"))
    way_out = re.search(r'href="(/accounts/logout/[^"]*)"', client.get(page).content.decode())[1]
    field = re.search('name="next" value="(.*?)"', client.get(way_out).content.decode())[1]
    assert client.post("/accounts/logout/", {"next": field}, follow=True).redirect_chain == [(page, 302)]


def test_an_accepted_invitation_lets_nobody_else_in(client, page):
    PersonalInvitation.objects.update(accepted_at=make.NOW, accepted_by=with_address(username="ada"))
    assert "This invitation was accepted already." in text(client.get(page))
    client.force_login(with_address("bob@example.org", username="bob"))
    assert client.post(page, {"name": "Bob"}).status_code == 409


def test_a_private_course_shows_itself_to_the_invited_and_a_hidden_one_to_nobody(client, page):
    Course.objects.update(visibility="private")
    assert "Vector calculus" in text(client.get(page))
    Course.objects.update(visibility="hidden")
    assert client.get(page).status_code == 404
    assert client.get("/invited/1.made-up/").status_code == 404


def test_a_colleague_accepts_a_role_on_the_page_and_finds_the_course_in_their_list(client, course, invitation, page):
    PersonalInvitation.objects.update(role="author", groups=[])
    make.enroll(course=course, user=invitation.author, role="instructor")
    Course.objects.update(visibility="hidden")
    ada = with_address()
    client.force_login(ada)
    shown = text(client.get(page))
    assert ("Your role: Author." in shown, "Full name for your certificate" in shown) == (True, False)
    answer = client.post(page, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/admin/", 302)], 200)
    assert f"/admin/courses/{course.slug}/texts/" in answer.content.decode()
    assert Enrollment.objects.get(user=ada).role == "author"
