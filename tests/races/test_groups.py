"""Two learners' groups change at once: a group that one of them gets must not end because the other leaves it."""

import threading

from django.db import IntegrityError, connection

from people.models import Enrollment
from people.services import membership, set_groups
from tests import factories as make
from tests.races.running import counted, in_threads

A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


def race(monkeypatch, set_groups, patience):
    """Put one learner into Monday while the only other one leaves it, just after the first has found the group."""
    course, author = make.make_course(), make.make_user(is_staff=True)
    joins, leaves = (make.enroll(course=course) for _ in range(2))
    said = {"course": course, "author": author, "now": make.NOW}
    set_groups(learner_id=leaves.pk, names=["Monday"], **said)
    has_found, has_left = threading.Event(), threading.Event()
    ensure = membership.ensured_groups

    def ensure_and_wait(course, names):
        found = ensure(course, names)
        if names:
            has_found.set()
            has_left.wait(patience)
        return found

    monkeypatch.setattr(membership, "ensured_groups", ensure_and_wait)

    def act(number):
        if number == 0:
            return set_groups(learner_id=joins.pk, names=["Monday"], **said)
        has_found.wait(LONG_ENOUGH)
        try:
            return set_groups(learner_id=leaves.pk, names=[], **said)
        finally:
            has_left.set()

    outcomes = counted(in_threads(act, 2))
    enrollment = Enrollment.objects.get(user=joins)
    return outcomes, list(enrollment.groups.values_list("name", flat=True))


def test_a_group_does_not_end_while_another_learner_gets_it(monkeypatch):
    assert race(monkeypatch, set_groups, A_MOMENT) == ({"ok": 2}, ["Monday"])


def test_without_the_lock_the_group_ends_and_the_other_change_fails(monkeypatch):
    """SQLite's lock is its transaction, so there the twin has no transaction."""
    monkeypatch.setattr(membership, "lock_groups", lambda _course: None)
    bare = membership.set_groups.__wrapped__ if connection.vendor == "sqlite" else membership.set_groups
    assert race(monkeypatch, bare, LONG_ENOUGH) == ({IntegrityError.__name__: 1, "ok": 1}, [])
