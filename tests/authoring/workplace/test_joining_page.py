"""The page on which instructors decide who may join."""

import pytest
import time_machine
from django.urls import reverse

from course.models import Course
from people.models import Invitation
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def page(client, course):
    client.force_login(instructor_of(course))
    return reverse("joining", args=[course.slug])


def test_the_rule_is_set_and_given_back_to_the_folder(client, course, page):
    assert "There are no links yet." in text(client.get(page))
    assert client.post(page, {"do": "set", "way": "code"}).status_code == 302
    found = Course.objects.get(pk=course.pk)
    assert (found.joins_by, found.join_code in client.get(page).content.decode()) == ("code", True)
    assert client.post(page, {"do": "code"}).status_code == 302
    assert Course.objects.get(pk=course.pk).join_code != found.join_code
    assert client.post(page, {"do": "set", "way": ""}).status_code == 302
    assert Course.objects.get(pk=course.pk).joins_by == "open"
    assert client.post(page, {"do": "set", "way": "sideways"}).status_code == 400


def test_a_link_is_created_shown_and_revoked(client, course, page):
    assert client.post(page, {"do": "invite", "note": "Monday", "days": "7", "most_uses": "40"}).status_code == 302
    link = Invitation.objects.get()
    assert (link.most_uses, (link.expires_at - make.NOW).days) == (40, 7)
    address = f"http://testserver/join/{link.token}/"
    shown = client.get(page)
    assert (address in shown.content.decode(), "0 of 40" in text(shown)) == (True, True)
    assert client.post(page, {"do": "revoke", "invitation": link.pk}).status_code == 302
    shown = client.get(page)
    assert (address in shown.content.decode(), "revoked" in text(shown)) == (False, True)


def test_what_cannot_be_is_refused(client, course, page):
    assert client.post(page, {"do": "invite", "note": "", "days": "7"}).status_code == 400
    assert client.post(page, {"do": "invite", "note": "Monday", "days": "7", "most_uses": "0"}).status_code == 400
    assert client.post(page, {"do": "revoke", "invitation": "none"}).status_code == 404
    assert Invitation.objects.count() == 0
