"""The page of invitations by email, and a class list that invites."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from course.models import Course
from mail.models import Mail
from mail.services import send_due_mail
from people.models import PersonalInvitation
from people.services import set_groups
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
ADA = {"do": "invite", "email": "Ada@example.org", "name": "Ada Lovelace", "groups": "Monday, Lab B"}
LIST = "email,group\nada@example.org,Monday\nbob@example.org,\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def page(client, course):
    client.force_login(instructor_of(course))
    return reverse("inviting", args=[course.slug])


def send():
    return send_due_mail(clock=lambda: make.NOW)


def test_a_person_is_invited_and_the_list_shows_what_became_of_it(client, page, clock):
    assert "Nobody has been invited by email yet." in text(client.get(page))
    assert client.post(page, ADA).status_code == 302
    found = PersonalInvitation.objects.get()
    assert (found.email, found.name, found.groups) == ("ada@example.org", "Ada Lovelace", ["Lab B", "Monday"])
    shown = text(client.get(page))
    assert ("The invitation is on its way." in shown, "waiting to be sent" in shown) == (True, True)
    assert (send(), "Send again" in text(client.get(page))) == (1, True)
    one = {"invitation": found.pk}
    soon = client.post(page, {"do": "resend", **one})
    assert (soon.status_code, "mailed less than an hour ago" in text(soon)) == (409, True)
    clock.shift(timedelta(hours=1))
    client.force_login(instructor_of(found.course))
    assert client.post(page, {"do": "resend", **one}).status_code == 302
    assert client.post(page, {"do": "withdraw", **one}).status_code == 302
    shown = text(client.get(page))
    assert ("withdrawn" in shown, "Send again" in shown, Mail.objects.count()) == (True, False, 2)


def test_an_invitation_to_a_group_that_differs_only_in_capitals_says_so(client, course, page):
    learner, teacher = make.enroll(course=course), make.make_user(is_staff=True)
    set_groups(course=course, learner_id=learner.pk, names=["monday"], author=teacher, now=make.NOW)
    client.post(page, ADA)
    assert "“Monday” and “monday” differ only in capitals" in text(client.get(page))


def test_a_group_is_the_same_whatever_spaces_its_name_is_typed_with(client, course, page):
    client.post(page, ADA | {"groups": "Lab \u00a0B,\tLab  B , ,Monday"})
    assert PersonalInvitation.objects.get().groups == ["Lab B", "Monday"]


def test_a_failed_message_says_why_and_can_be_sent_again(client, page):
    client.post(page, ADA)
    Mail.objects.update(result="failed", problem="The mail server answered 550.")
    shown = text(client.get(page))
    assert ("not sent" in shown, "The mail server answered 550." in shown, "Send again" in shown) == (True,) * 3


def test_what_cannot_be_is_said_and_sends_nothing(client, page):
    wrong = client.post(page, {**ADA, "email": "nonsense"})
    assert (wrong.status_code, "Enter a valid email address." in text(wrong)) == (400, True)
    long = client.post(page, {**ADA, "groups": "x" * 81})
    assert (long.status_code, "more than 80 characters" in text(long)) == (400, True)
    assert client.post(page, {"do": "withdraw", "invitation": "7"}).status_code == 404
    assert client.post(page, {"do": "sideways"}).status_code == 400
    Course.objects.update(visibility="hidden")
    hidden = client.post(page, ADA)
    assert (hidden.status_code, "This course is hidden" in text(hidden)) == (409, True)
    assert Mail.objects.count() == 0


def test_a_site_without_a_mail_server_offers_no_form(client, page, settings):
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    shown = client.get(page)
    assert ("This site has no mail server" in text(shown), 'name="email"' in shown.content.decode()) == (True, False)


def test_a_list_that_invites_says_so_first_and_the_same_with_and_without_an_account(client, course, page):
    def checked():
        answer = client.post(reverse("class_list", args=[course.slug]), {"text": LIST, "invites": "yes"})
        return answer, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())

    _answer, before = checked()
    EmailAddress.objects.create(user=make.make_user(), email="ada@example.org", verified=True, primary=True)
    answer, after = checked()
    assert (before == after, answer.context["plan"].public_counts, Mail.objects.count()) == (True, {"invite": 2}, 0)
    said = {"text": LIST, "invites": "yes", "expected": answer.context["plan"].digest}
    applied = client.post(reverse("class_list", args=[course.slug]), said)
    assert "People who were invited join by the link in their email." in text(applied)
    assert (send(), PersonalInvitation.objects.count()) == (2, 2)


def test_the_choice_is_kept_while_a_list_is_corrected(client, course, page):
    wrong = client.post(reverse("class_list", args=[course.slug]), {"text": "email\nnonsense\n", "invites": "yes"})
    assert wrong.context["form"].initial["invites"] == "yes"


def test_what_was_previewed_as_an_invitation_is_not_applied_as_an_account(client, course, page):
    url = reverse("class_list", args=[course.slug])
    checked = client.post(url, {"text": LIST, "invites": "yes"})
    applied = client.post(url, {"text": LIST, "expected": checked.context["plan"].digest})
    assert (applied.status_code, PersonalInvitation.objects.count()) == (409, 0)


def test_the_audit_names_the_invited_person_until_the_invitation_is_deleted(client, course, page):
    client.post(page, ADA)
    audit = reverse("audit", args=[course.slug])
    assert "ada@example.org" in text(client.get(audit, {"action": "invite_person"}))
    Mail.objects.all().delete()
    PersonalInvitation.objects.all().delete()
    assert "ada@example.org" not in text(client.get(audit, {"action": "invite_person"}))
