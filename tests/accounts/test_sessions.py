"""Expired sessions are deleted, with their browser and address."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.services import remove_expired_sessions, sessions
from tests import factories as make

pytestmark = pytest.mark.django_db


def signed_in() -> str:
    """The key of a new session."""
    client = Client()
    client.post("/accounts/login/", {"login": make.make_user().username, "password": make.PASSWORD})
    key: str = client.session.session_key
    assert UserSession.objects.filter(session_key=key).exists()
    return key


def test_the_sweeper_deletes_only_expired_sessions():
    old, new = signed_in(), signed_in()
    Session.objects.filter(pk=old).update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("sweep", once=True, stdout=StringIO())
    assert list(Session.objects.values_list("pk", flat=True)) == [new]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [new]


def test_a_long_backlog_is_deleted_in_parts(monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 2)
    now = timezone.now()
    for number in range(5):
        Session.objects.create(session_key=f"key{number}", session_data="", expire_date=now)
    assert [remove_expired_sessions(now=now) for _ in range(4)] == [2, 2, 1, 0]
