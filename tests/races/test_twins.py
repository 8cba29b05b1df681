"""Each guard against a race has a twin test without it, in which the race happens.

This shows that the guard prevents it.

A turnstile between reading and writing makes the race certain: every racer that gets there waits for the others. Under
the guard only one gets there, and the turnstile lets it continue alone after a moment. Without the guard all get there,
however long that takes.
"""

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, OperationalError, connection

from config.sqlite.base import DatabaseWrapper
from people.models import Enrollment
from quizzes import services
from quizzes.models import Attempt
from quizzes.services import answering, asked_questions
from tests import factories as make
from tests.races.conftest import triggers
from tests.races.running import counted, in_threads

NOW = make.NOW
CROWD = 4
LAST = 2  # the attempt that all compete for
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


@pytest.fixture(params=[LONG_ENOUGH])
def turnstile(request, monkeypatch):
    """Hold every racer after it has read the attempts, before it writes its own."""
    gate = threading.Barrier(CROWD)
    decide = answering.decide_attempt

    def wait_and_decide(**facts):
        decision = decide(**facts)
        if facts["number"] == LAST:
            with suppress(threading.BrokenBarrierError):
                gate.wait(timeout=request.param)
        return decision

    monkeypatch.setattr(answering, "decide_attempt", wait_and_decide)


def unlocked(*, learner_id, course_id):
    return Enrollment.objects.filter(user_id=learner_id, course_id=course_id).first()


@pytest.fixture
def without_lock(monkeypatch):
    """Read the learner's row without locking it; on SQLite, begin transactions as readers."""
    monkeypatch.setattr(asked_questions, "lock_enrollment", unlocked)
    if connection.vendor == "sqlite":
        without_queue(monkeypatch)


def without_queue(monkeypatch):
    """Use SQLite's defaults: deferred transactions, and no queue of writers in the process."""

    def begin_deferred(self):
        self.cursor().execute("BEGIN")

    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", begin_deferred)


@contextmanager
def without_constraint(model, name):
    """Remove one constraint from a table. SQLite rebuilds the table and loses its guards, so they are created again."""
    constraint = next(found for found in model._meta.constraints if found.name == name)
    guards = triggers() if connection.vendor == "sqlite" else {}
    model._meta.constraints.remove(constraint)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        restore(model, constraint, guards)


def restore(model, constraint, guards):
    with connection.cursor() as cursor:
        for name in guards:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        if connection.vendor == "sqlite":
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        else:
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")
    model._meta.constraints.append(constraint)
    with connection.schema_editor() as editor:
        editor.add_constraint(model, constraint)
    with connection.cursor() as cursor:
        for create in guards.values():
            cursor.execute(create)


def race_for_the_last_attempt(through=services):
    """Return the outcomes of four different answers that all try to be the second and last attempt."""
    course = make.make_course()
    learner = make.enroll(course=course)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    services.check_response(learner=learner, question_id=question.pk, response="5", number=1, now=NOW)

    def check(number):
        response = str(number + 7)
        return through.check_response(learner=learner, question_id=question.pk, response=response, number=LAST, now=NOW)

    return counted(in_threads(check, CROWD))


@pytest.mark.parametrize("turnstile", [A_MOMENT], indirect=True)
def test_with_every_guard_one_answer_counts_and_the_others_are_refused_cleanly(turnstile):
    assert race_for_the_last_attempt() == {"attempts_exhausted": 3, "ok": 1}
    assert Attempt.objects.count() == 2


def test_without_the_lock_only_errors_of_the_database_stop_the_others(turnstile, without_lock):
    outcomes = race_for_the_last_attempt()
    error = OperationalError if connection.vendor == "sqlite" else IntegrityError
    assert outcomes == {error.__name__: 3, "ok": 1}
    assert Attempt.objects.count() == 2


def test_without_lock_and_constraint_more_attempts_are_accepted_than_allowed(turnstile, monkeypatch):
    """Removes the constraint behind the lock too. SQLite's lock is its transaction, so there the twin has no transaction."""
    monkeypatch.setattr(asked_questions, "lock_enrollment", unlocked)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(answering, "check_response", answering.check_response.__wrapped__)
    with without_constraint(Attempt, "one_attempt_per_number"):
        outcomes = race_for_the_last_attempt(answering)
        accepted = Attempt.objects.count()
    assert outcomes["ok"] > 1
    assert accepted == outcomes["ok"] + 1
