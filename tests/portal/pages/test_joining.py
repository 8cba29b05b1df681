"""Joining a course: by the form, by a code, by a link; also for people who first have to sign up."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from people.models import Enrollment, Invitation
from people.services import create_invitation, revoke_invitation, set_joining
from tests import factories as make
from tests.portal.pages.test_home import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def author():
    return make.make_user(is_staff=True)


@pytest.fixture
def course(author):
    return set_joining(course=make.make_course(title="Vector calculus"), way="invitation", author=author, now=make.NOW)


@pytest.fixture
def link(course, author):
    return create_invitation(
        course=course,
        author=author,
        now=make.NOW,
        note="Monday",
        expires_at=make.NOW + timedelta(days=7),
        most_uses=1,
    )


def page_of(link):
    return reverse("join", args=[link.token])


def test_somebody_without_an_account_signs_up_and_joins(client, course, link):
    page = client.get(page_of(link))
    address = f"/accounts/signup/?next={page_of(link)}"
    assert f'href="{address}"' in page.content.decode()
    facts = {"username": "newcomer", "email": "new@example.org", "password1": "a-long-word-for-a-door"}
    answer = client.post(address, {**facts, "next": page_of(link)}, follow=True)
    assert answer.redirect_chain[-1][0] == page_of(link)
    answer = client.post(page_of(link), {"name": "New Comer"}, follow=True)
    assert "You are enrolled." in text(answer)
    found = Enrollment.objects.get(course=course)
    assert (found.user.username, found.name, found.role) == ("newcomer", "New Comer", "learner")
    assert (Invitation.objects.get().uses, User.objects.get(username="newcomer").is_staff) == (1, False)


def test_joining_needs_an_account_and_a_name(client, course, link):
    answer = client.post(page_of(link), {"name": "New Comer"})
    assert answer["Location"] == f"/accounts/login/?next={page_of(link)}"
    client.force_login(make.make_user(username="mina"))
    User.objects.filter(username="mina").update(name="")
    answer = client.post(page_of(link), {"name": " "}, follow=True)
    assert "Enter your full name" in text(answer)
    assert Enrollment.objects.count() == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda link, author: None, "You need an account to join."),
        (
            lambda link, author: revoke_invitation(
                course=link.course, invitation_id=link.pk, author=author, now=make.NOW
            ),
            "This invitation link was withdrawn.",
        ),
        (
            lambda link, author: Invitation.objects.update(expires_at=make.NOW),
            "This invitation link expired on",
        ),
        (lambda link, author: Invitation.objects.update(uses=1), "was used as often as it allows."),
        (
            lambda link, author: set_joining(course=link.course, way="closed", author=author, now=make.NOW),
            "Enrollment in this course is closed, so this link does not work at present.",
        ),
    ],
    ids=["valid", "revoked", "expired", "used up", "closed"],
)
def test_a_link_says_whether_it_works_and_what_to_do(client, link, author, spoil, words):
    spoil(link, author)
    page = text(client.get(page_of(link)))
    assert words in page
    assert ("Ask the person who sent you the link" in page) == ("need an account" not in words)
    client.force_login(make.make_user())
    joined = client.post(page_of(link), {"name": "Somebody"}).status_code
    assert joined == (302 if "need an account" in words else 403 if "closed" in words else 409)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("open", "are kept. Enroll again to get them back."),
        ("code", "are kept. Enroll again with the enrollment code to get them back."),
        ("invitation", "are kept. To get them back, you need an invitation link."),
        ("closed", "are kept. To get them back, you need an instructor: enrollment is closed."),
    ],
)
def test_a_learner_who_may_leave_reads_how_to_come_back(client, course, author, way, words):
    set_joining(course=course, way=way, author=author, now=make.NOW)
    client.force_login(make.enroll(course=course))
    assert words in text(client.get(reverse("course", args=[course.slug])))


def test_somebody_who_is_enrolled_uses_no_link(client, course, link):
    client.force_login(make.enroll(course=course))
    answer = client.get(page_of(link), follow=True)
    assert "You are enrolled in this course already." in text(answer)
    assert Invitation.objects.get().uses == 0


def test_an_unknown_link_is_not_found(client):
    assert client.get("/join/nothing/").status_code == 404


def test_the_course_says_how_to_join_and_refuses_everybody_else(client, course, author):
    client.force_login(make.make_user())
    outline, door = reverse("course", args=[course.slug]), reverse("enroll", args=[course.slug])
    assert "only by an invitation link" in text(client.get(outline))
    assert "only by an invitation link" in text(client.get(reverse("progress", args=[course.slug])))
    refused = client.post(door, {"name": "Somebody"})
    assert (refused.status_code, "Ask the course’s instructor for a link." in text(refused)) == (403, True)
    set_joining(course=course, way="closed", author=author, now=make.NOW)
    assert "Enrollment in this course is closed." in text(client.get(outline))
    code = set_joining(course=course, way="code", author=author, now=make.NOW).join_code
    assert "Enrollment code" in text(client.get(outline))
    wrong = client.post(door, {"name": "Somebody", "code": "WRONG"}, follow=True)
    assert "This is not the course’s enrollment code." in text(wrong)
    assert code not in wrong.content.decode()
    assert "You are enrolled." in text(client.post(door, {"name": "Somebody", "code": code.lower()}, follow=True))
