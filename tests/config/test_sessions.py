"""Sessions are those of Django's own store, read by a prepared query."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.sessions import SessionStore
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    session = db.SessionStore()
    session["viewing"] = {"slug": "a", "learner_id": 7}
    session.create()
    return session


def test_a_session_of_djangos_store_is_read_with_one_statement(stored):
    for _ in range(2):  # the first may build the statement, the second reuses it
        with counted_statements() as sent:
            assert SessionStore(stored.session_key)["viewing"] == {"slug": "a", "learner_id": 7}
        assert len(sent) == 1


def test_djangos_store_reads_a_session_of_ours(stored):
    session = SessionStore(stored.session_key)
    session["more"] = 1
    session.save()
    assert dict(db.SessionStore(stored.session_key).items()) == {**stored.load(), "more": 1}


@pytest.mark.parametrize("key", ["expired", "unknown-session-key"])
def test_a_session_that_is_over_or_unknown_is_empty_and_loses_its_key(stored, key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(stored.session_key if key == "expired" else key)
    assert (dict(session.items()), session.session_key) == ({}, None)
