"""Sessions are those of Django's own store, read by a prepared query."""

from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.models.users import PERSON_FIELDS
from config.sessions import SessionStore
from foundation.acquaintances import forget_credential, person_known_by
from tests import factories as make
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


def signed_in(client):
    user = make.make_user()
    client.force_login(user)
    return user, client.cookies["sessionid"].value


def test_a_session_that_names_the_place_of_sign_in_before_it_moved_keeps_its_person(client):
    user, key = signed_in(client)
    older = db.SessionStore(key)
    older[BACKEND_SESSION_KEY] = "course.accounts.AccountBackend"
    older.save()
    assert client.get("/settings/").context["user"] == user
    older[BACKEND_SESSION_KEY] = "course.accounts.Another"
    older.save()
    assert client.get("/settings/").status_code == 302


def test_a_person_is_read_with_a_session_that_this_process_knows(client):
    user, key = signed_in(client)
    for _ in range(2):
        with counted_statements() as sent:
            store = SessionStore(key)
            assert vars_of(store.take_person()) == vars_of(User.objects.get(pk=user.pk))
            assert store.take_person() is None
        assert len(sent) == 2  # the second one is that of the comparison


def vars_of(user):
    return {name: getattr(user, name) for name in PERSON_FIELDS}


def test_a_process_that_does_not_know_a_session_reads_it_and_then_the_person(client):
    user, key = signed_in(client)
    forget_credential(key)
    assert SessionStore(key).take_person() is None
    assert client.get("/settings/").context["user"].pk == user.pk


def test_a_session_of_another_person_never_brings_the_one_it_had(client):
    first, key = signed_in(client)
    second = make.make_user()
    store = SessionStore(key)
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(second.pk), second.get_session_auth_hash()
    db.SessionStore.save(store)  # as another process stores it
    assert person_known_by(key) == first.pk
    assert client.get("/settings/").context["user"].pk == second.pk
    assert person_known_by(key) == second.pk


@pytest.mark.parametrize("ending", ["expired", "deleted", "changed password", "inactive", "deleted account"])
def test_a_session_that_ended_elsewhere_ends_here(client, ending):
    user, _key = signed_in(client)
    assert client.get("/settings/").status_code == 200
    if ending == "expired":
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    elif ending == "deleted":
        Session.objects.all().delete()
    elif ending == "changed password":
        User.objects.filter(pk=user.pk).update(password="another")
    elif ending == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        User.objects.filter(pk=user.pk).delete()
    assert client.get("/settings/").status_code == 302
