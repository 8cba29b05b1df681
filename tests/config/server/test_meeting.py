"""A process knows people who signed in elsewhere before they send it anything."""

import threading

import pytest
from allauth.usersessions.models import UserSession
from django.db import OperationalError

from config.server import meeting
from config.server.meeting import meet
from foundation import acquaintances
from foundation.acquaintances import person_known_by, remember_credential
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody():
    acquaintances._people.clear()
    acquaintances._digests.clear()


def signed_in(key):
    user = make.make_user()
    UserSession.objects.create(user=user, session_key=key, ip="203.0.113.9")
    return user.pk


def test_whoever_signed_in_before_is_known_and_later_only_those_who_are_new():
    ada, bob = signed_in("adas"), signed_in("bobs")
    last = meet(0)
    assert (person_known_by("adas"), person_known_by("bobs")) == (ada, bob)
    acquaintances.forget_credential("adas")
    eve = signed_in("eves")
    assert meet(last) > last
    assert (person_known_by("adas"), person_known_by("eves")) == (None, eve)


def test_nobody_new_changes_nothing():
    assert meet(7) == 7


def test_a_session_that_was_used_here_already_keeps_its_place():
    signed_in("adas")
    remember_credential("adas", 8)
    meet(0)
    assert person_known_by("adas") == 8


def test_of_very_many_sessions_the_newest_are_known(monkeypatch):
    monkeypatch.setattr(meeting, "MOST", 2)
    people = [signed_in(key) for key in "abc"]
    meet(0)
    assert [person_known_by(key) for key in "abc"] == [None, *people[1:]]


def test_a_database_that_is_away_is_asked_again_and_logged_once(monkeypatch, caplog):
    stop, asked = threading.Event(), []

    def fail(last):
        asked.append(last)
        if len(asked) == 3:
            stop.set()
        raise OperationalError("away")

    monkeypatch.setattr(meeting, "meet", fail)
    monkeypatch.setattr(meeting, "EVERY", 0)
    monkeypatch.setattr(meeting.connection, "close", lambda: None)
    meeting.meet_until(stop)
    assert (asked, caplog.text.count("could not be read")) == ([0, 0, 0], 1)
