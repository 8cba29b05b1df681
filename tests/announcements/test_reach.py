"""The number of people who get an announcement by email, before it is posted and after it was sent."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import User
from announcements.services import plan_announcement, post_announcement, write_announcement
from mail.models import ListedAddress
from mail.selectors import mail_progress
from mail.services import set_mail_wanted
from people.models import Enrollment
from tests import factories as make
from tests.people.listing import put_on_list, send_mail
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
CONTENT = {"text": "We meet in **room 12**.", "audience": "everyone", "group": ""}
LONG_AFTER = make.NOW + timedelta(days=8)


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def author(course):
    return instructor_of(course, username="prof")


@pytest.fixture
def people(course, author):
    """One learner of each kind: who gets mail, and each reason to get none."""
    learners = {name: make.enroll(course=course, user=make.make_user(username=name)) for name in ("ada", "bob", "cy")}
    for name in ("ada", "bob"):
        EmailAddress.objects.create(user=learners[name], email=learners[name].email, verified=True, primary=True)
    set_mail_wanted(user=learners["bob"], wanted={"announcements": False})
    nobody, gone = make.enroll(course=course), make.enroll(course=course)
    User.objects.filter(pk=nobody.pk).update(email="")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    put_on_list(course, author, "listed@example.org", "stopped@example.org")
    ListedAddress.objects.filter(email="stopped@example.org").update(stopped_at=make.NOW)
    send_mail()
    mail.outbox.clear()
    return learners


def reach_before(course, **content):
    reach, _html = plan_announcement(course=course, now=make.NOW, **(CONTENT | content))
    return reach


def progress_after(course, author, **content):
    posted = post_announcement(
        course=course, author=author, key="k", title="Room 12", is_mailed=True, now=make.NOW, **(CONTENT | content)
    )
    waiting = mail_progress([posted.pk])[posted.pk]
    send_mail()
    return waiting, mail_progress([posted.pk])[posted.pk]


@pytest.mark.parametrize(("is_allowed", "mailed", "unwanted", "unconfirmed"), [(False, 1, 1, 4), (True, 2, 2, 2)])
def test_as_many_messages_are_sent_as_the_preview_says(
    course, author, people, settings, is_allowed, mailed, unwanted, unconfirmed
):
    settings.MAILS_CLASS_LISTS = is_allowed
    reach = reach_before(course)
    assert (reach.people, reach.mailed, reach.unwanted, reach.unconfirmed) == (6, mailed, unwanted, unconfirmed)
    waiting, sent = progress_after(course, author)
    assert (waiting.mailed, waiting.waiting, sent.mailed, sent.sent) == (mailed,) * 4
    assert (sent.total, sent.unwanted, sent.unconfirmed, sent.withdrawn) == (6, unwanted, unconfirmed, 0)
    assert len(mail.outbox) == mailed


def test_a_message_that_failed_is_one_of_those_that_were_announced(course, author, people):
    posted = write_announcement(
        course=course, author=author, key="k", title="Room 12", readers=(), is_mailed=True, now=make.NOW, **CONTENT
    )
    posted.mail.filter(user=people["ada"]).update(result="failed", problem="The mail server answered 550.")
    progress = mail_progress([posted.pk])[posted.pk]
    assert (progress.mailed, progress.failed, progress.waiting) == (1, 1, 0)


def test_nobody_who_left_is_counted_among_the_learners_at_risk(course, author):
    make.make_review(course=course)
    away, left = make.enroll(course=course), make.enroll(course=course)
    Enrollment.objects.filter(course=course, role="learner").update(enrolled_at=make.NOW)
    for person in (away, left):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    content = {"course": course, **CONTENT, "audience": "at_risk", "now": LONG_AFTER}
    plan_announcement(**content)  # computes the overview, which names both
    Enrollment.objects.filter(user=left).update(unenrolled_at=LONG_AFTER)
    reach, _html = plan_announcement(**content)
    posted = post_announcement(author=author, key="k", title="Hello", is_mailed=True, **content)
    assert (reach.people, reach.mailed, posted.people) == (1, 1, 1)
    assert send_mail(LONG_AFTER) == 1


def test_the_page_says_the_same_number_before_and_after(client, course, author, people):
    client.force_login(author)
    page = reverse("announcing", args=[course.slug])
    form = {**CONTENT, "title": "Room 12", "is_mailed": "on", "key": "k"}
    assert "It is for 6 learners. 1 gets it by email. 1 wants no email. 4 have no confirmed" in text(
        client.post(page, form)
    )
    client.post(page, {**form, "confirmed": "1"})
    assert "0 of 1 sent, 1 waiting, 1 want no email, 4 without a confirmed address" in text(client.get(page))


def test_the_reach_of_any_class_takes_the_same_number_of_statements(course, author, people):
    with counted_statements() as few:
        reach_before(course)
    put_on_list(course, author, *(f"more{number}@example.org" for number in range(20)))
    with counted_statements() as many:
        assert reach_before(course).people == 26
    assert len(few) == len(many)
