"""The page on which staff tell the class something."""

import pytest
import time_machine
from django.urls import reverse

from announcements.models import Announcement
from mail.models import Mail
from records.models import AuditEntry
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
SAID = {"title": "Room 12", "text": "We meet in **room 12**.", "audience": "everyone", "is_mailed": "on", "key": "k"}


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
    return reverse("announcing", args=[course.slug])


def test_a_preview_says_whom_it_reaches_then_a_click_posts_it_once(client, course, page):
    for _ in range(2):
        make.enroll(course=course)
    asked = client.post(page, SAID)
    assert "It is for 2 learners. 0 get it by email. 2 have no confirmed address." in text(asked)
    assert ("<strong>room 12</strong>" in asked.content.decode(), Announcement.objects.count()) == (True, 0)
    for _ in range(2):
        assert client.post(page, {**SAID, "is_mailed": "True", "confirmed": "1"}).status_code == 302
    assert (Announcement.objects.count(), Mail.objects.count()) == (1, 2)
    assert "0 of 0 sent, 2 without a confirmed address" in text(client.get(page))


def test_a_text_that_cannot_be_shown_is_explained_at_the_form(client, course, page):
    answer = client.post(page, {**SAID, "text": "![figure](missing.svg)"})
    assert (answer.status_code, "This text cannot be posted: line 1:" in text(answer)) == (400, True)


def test_change_the_text_leads_back_to_the_form_as_it_was(client, page):
    answer = client.post(page, {**SAID, "edit": "1"})
    assert ("Post this?" in text(answer), "We meet in **room 12**." in text(answer)) == (False, True)


def test_an_announcement_is_corrected_and_withdrawn_on_its_page(client, course, page):
    client.post(page, {**SAID, "confirmed": "1"})
    posted = Announcement.objects.get()
    own = reverse("announcement_page", args=[course.slug, posted.pk])
    client.post(own, {"do": "correct", "title": "Room 13", "text": "We meet in room 13."})
    assert "Room 13" in text(client.get(own))
    client.post(own, {"do": "withdraw"})
    assert "Learners no longer see it." in text(client.get(own))
    audit = text(client.get(reverse("audit", args=[course.slug])))
    assert ("withdraw announcement" in audit, "Room 13" in audit) == (True, True)
    assert AuditEntry.objects.filter(target=f"announcement:{posted.pk}").count() == 3
