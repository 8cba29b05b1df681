"""Mail crosses a real socket: one message for each person, once, whatever fails in between."""

import smtplib
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.core import mail as outbox
from django.test import Client

from announcements.services import post_announcement, withdraw_announcement
from course.models import Lesson
from foundation.queue import SEND_MAIL
from mail.models import Mail
from mail.rules.delivery import LEASE, PATIENCE
from mail.services import send_due_mail, set_mail_wanted, wake_for_mail
from mail.services import sending as mail
from people.models import Enrollment
from tests import factories as make
from tests.smtp import mail_host, mailers_at

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    course = make.make_course(title="Vector calculus")
    make.make_lesson(module=make.make_module(course=course))
    Lesson.objects.update(key="one")
    return course


@pytest.fixture
def box(settings):
    with mail_host() as box:
        settings.MAILERS = mailers_at(box)
        yield box


def confirmed(course, name):
    person = make.enroll(course=course, user=make.make_user(username=name))
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def post(course, **facts):
    said = {"title": "Room 12", "text": "Read [the first lesson](lesson:one).", "audience": "everyone", "group": ""}
    author = make.make_user(username="prof", is_staff=True)
    return post_announcement(course=course, author=author, key="k", is_mailed=True, now=NOW, **said | facts)


def send(at=NOW):
    return send_due_mail(clock=lambda: at)


def results():
    return dict(Mail.objects.order_by("pk").values_list("user__username", "result"))


def test_each_person_gets_one_message_in_text_and_html_with_the_sites_name(course, box, settings):
    settings.SITE_NAME, settings.SITE_URL = "Maths at Example", "https://learn.example.org"
    people = [confirmed(course, name) for name in ("ada", "bob")]
    post(course)
    assert (send(), send()) == (2, 0)
    assert sorted(box.recipients) == sorted(person.email for person in people)
    letter = box.received[0].message
    assert letter["Subject"] == "[Maths at Example] Vector calculus: Room 12"
    plain, html = (part.get_payload(decode=True).decode() for part in letter.get_payload())
    assert "Read [the first lesson](lesson:one)." in plain
    assert "This was announced to the class of Vector calculus on Maths at Example." in plain
    assert f'<a href="https://learn.example.org/courses/{course.slug}/lesson/one/">the first lesson</a>' in html
    assert letter["To"] == box.received[0].recipient
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_in_a_mail_program_stops_the_mail_without_signing_in(course, box):
    ada = confirmed(course, "ada")
    post(course)
    send()
    stop = box.received[0].message["List-Unsubscribe"].strip("<>")
    assert stop.startswith(f"{configured.SITE_URL}/mail/unsubscribe/")
    browser, path = Client(enforce_csrf_checks=True), stop.removeprefix(configured.SITE_URL)
    assert "Stop these emails?" in browser.get(path).content.decode()
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    post_again(course)
    assert (send(), results()) == (0, {ada.username: "unwanted"})


def post_again(course):
    Mail.objects.all().delete()
    author = make.make_user(is_staff=True)
    said = {"title": "Again", "text": "x", "audience": "everyone", "group": ""}
    post_announcement(course=course, author=author, key="again", is_mailed=True, now=NOW, **said)


def test_a_link_that_somebody_made_up_is_not_found(client):
    assert client.post("/mail/unsubscribe/made-up/").status_code == 404


def test_who_has_no_confirmed_address_wants_none_or_left_gets_no_mail(course, box):
    unconfirmed, unwilling, gone = make.enroll(course=course), confirmed(course, "bob"), confirmed(course, "cy")
    post(course)
    set_mail_wanted(user=unwilling, wanted={"announcements": False})
    Enrollment.objects.filter(user=gone).update(unenrolled_at=NOW)
    assert (send(), box.received) == (0, [])
    assert results() == {unconfirmed.username: "unconfirmed", "bob": "unwanted", "cy": "withdrawn"}


def test_what_was_withdrawn_before_it_was_sent_is_not_sent(course, box):
    confirmed(course, "ada")
    posted = post(course)
    withdraw_announcement(course=course, announcement_id=posted.pk, author=posted.author, now=NOW)
    assert (send(), results()) == (0, {"ada": "withdrawn"})


def test_an_address_that_does_not_exist_fails_and_the_others_get_their_mail(course, box):
    ada, bob, cy = (confirmed(course, name) for name in ("ada", "bob", "cy"))
    box.refused = {ada.email: b"550 no such person", bob.email: b"450 try later"}
    post(course)
    assert (send(), box.recipients) == (1, [cy.email])
    assert results() == {"ada": "failed", "bob": "", "cy": "sent"}
    assert Mail.objects.get(user=ada).problem == "The mail server answered 550."
    box.refused = {}
    assert (send(NOW + timedelta(minutes=2)), box.recipients) == (1, [cy.email, bob.email])


def test_mail_waits_while_the_server_is_away_and_fails_after_two_days(course, box):
    ada = confirmed(course, "ada")
    box.greeting = b"421 not now"
    post(course)
    assert (send(), results()) == (0, {"ada": ""})
    waiting = Mail.objects.get()
    assert (waiting.due_at, waiting.problem[:20]) == (NOW + timedelta(minutes=1), "The mail server does")
    assert (send(NOW + PATIENCE), results(), box.recipients) == (0, {"ada": "failed"}, [])
    assert ada.email not in Mail.objects.get().problem


class Killed(BaseException):
    """Ends a worker as a signal would."""


def test_mail_of_a_worker_that_is_killed_before_it_sends_is_sent_by_the_next(course, box, monkeypatch):
    confirmed(course, "ada")
    post(course)
    with monkeypatch.context() as killing:
        killing.setattr(smtplib.SMTP, "sendmail", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            send()
    assert (results(), send()) == ({"ada": ""}, 0)  # taken; nobody knows yet that the worker is gone
    assert (send(NOW + LEASE), len(box.received), results()) == (1, 1, {"ada": "sent"})


def test_the_sweeper_wakes_a_worker_for_mail_that_nobody_is_sending(course, box, monkeypatch):
    woken = []
    monkeypatch.setattr("foundation.queue.current_app.send_task", lambda name, **_: woken.append(name))
    for name in ("ada", "bob"):
        confirmed(course, name)
    post(course)
    wake_for_mail(now=NOW)
    Mail.objects.filter(user__username="ada").update(due_at=NOW + LEASE)  # a worker has just taken it
    wake_for_mail(now=NOW)
    wake_for_mail(now=NOW + timedelta(minutes=2))
    send(NOW + LEASE)
    wake_for_mail(now=NOW + LEASE)
    assert woken == [SEND_MAIL, SEND_MAIL]


def test_a_message_that_fails_in_an_unknown_way_keeps_no_other_waiting(course, box, monkeypatch):
    for name in ("ada", "bob"):
        confirmed(course, name)
    post(course)
    write = mail.written_letter
    with monkeypatch.context() as failing:
        failing.setattr(mail, "written_letter", lambda each: 1 / 0 if each.user.username == "ada" else write(each))
        with pytest.raises(ExceptionGroup, match="all was done except: message"):
            send()
    assert results() == {"ada": "", "bob": "sent"}
    assert (send(NOW + LEASE), results()) == (1, {"ada": "sent", "bob": "sent"})


def test_mail_sent_twice_has_one_message_id(course, box):
    """A worker that dies between the server's answer and its record cannot know that the message arrived."""
    confirmed(course, "ada")
    post(course)
    send()
    Mail.objects.update(result="", finished_at=None)
    send(NOW + LEASE)
    first, second = (each.message["Message-ID"] for each in box.received)
    assert first == second


def test_without_a_mail_server_an_announcement_is_on_the_page_only(course, settings):
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    confirmed(course, "ada")
    assert (post(course).is_mailed, Mail.objects.count(), send(), outbox.outbox) == (False, 0, 0, [])
