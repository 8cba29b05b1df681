"""Pauses race with answers, with the settlement and with their own end (D32, I2). Each race has a twin without the lock."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection

from operations.services import verify_grades
from people.services import enrollment
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingResumption
from quizzes.services import answering, asked_questions, extending, pause_ends, pausing, settling
from tests import factories as make
from tests.races.running import counted, in_threads, named
from tests.races.test_twins import unlocked

NOW = make.NOW
MINUTE = timedelta(minutes=1)
CROWD = 8
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def sitting(course):
    exam = make.make_exam(course=course, drawn=CROWD - 1, pool=CROWD - 1, kinds=["numeric"])
    return services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]


@pytest.fixture
def without_lock(monkeypatch):
    """Read the learners' rows without locking them. SQLite's lock is its transaction, so there the twin has none."""
    monkeypatch.setattr(asked_questions, "lock_enrollment", unlocked)
    monkeypatch.setattr(enrollment, "lock_enrollment", unlocked)
    monkeypatch.setattr(settling, "lock_enrollment", unlocked)
    monkeypatch.setattr(extending, "lock_learners", lambda **facts: None)
    if connection.vendor == "sqlite":
        for module, name in [
            (answering, "check_response"),
            (settling, "settle_expired"),
            (pausing, "pause_sittings"),
            (pausing, "resume_sitting"),
        ]:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)


def pause(course, teacher, now):
    return pausing.pause_sittings(course=course, sitting_ids=None, hours=5, reason="r", author=teacher, now=now)


def questions_of(sitting):
    return [row.question for row in sitting.questions.order_by("position")]


def check(sitting, question, now):
    response = make.right(question)
    return answering.check_response(
        learner=sitting.learner, question_id=question.pk, response=response, number=1, now=now
    )


def test_answers_count_only_until_the_pause(course, teacher, sitting):
    questions = questions_of(sitting)

    def act(number):
        return check(sitting, questions[number - 1], NOW) if number else pause(course, teacher, NOW)

    outcomes = counted(in_threads(act, CROWD))
    assert set(outcomes) <= {"ok", "sitting_paused"}
    assert Attempt.objects.count() == outcomes["ok"] - 1
    pausing.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=NOW + MINUTE)
    assert list(verify_grades(now=NOW + MINUTE)) == []


def pause_while(act, monkeypatch, module, step, pause_now, patience):
    """Begin `act`, and pause when it has read the sitting: it waits at `step` for the pause, at most for `patience`.

    Return both outcomes, and the attempts there were when the pause had been stored.
    """
    has_read, has_paused = threading.Event(), threading.Event()
    before = getattr(module, step)

    def wait_at(*args, **facts):
        has_read.set()
        has_paused.wait(patience)
        return before(*args, **facts)

    monkeypatch.setattr(module, step, wait_at)

    def pausing_one():
        has_read.wait(LONG_ENOUGH)
        try:
            return pause_now(), Attempt.objects.count()
        finally:
            has_paused.set()

    return in_threads(lambda number: (act, pausing_one)[number](), 2)


def test_a_pause_waits_for_an_answer_that_is_being_stored(course, teacher, sitting, monkeypatch):
    (question, *_) = questions_of(sitting)
    _, (_, stored) = pause_while(
        lambda: check(sitting, question, NOW),
        monkeypatch, answering, "decide_attempt", lambda: pause(course, teacher, NOW), A_MOMENT,
    )  # fmt: skip
    assert (stored, Attempt.objects.count()) == (1, 1)


def test_without_the_lock_an_answer_is_stored_after_the_pause(course, teacher, sitting, monkeypatch, without_lock):
    (question, *_) = questions_of(sitting)
    _, (_, stored) = pause_while(
        lambda: check(sitting, question, NOW),
        monkeypatch, answering, "decide_attempt", lambda: pause(course, teacher, NOW), LONG_ENOUGH,
    )  # fmt: skip
    assert (stored, Attempt.objects.count(), Sitting.objects.get().paused_at) == (0, 1, NOW)


def test_an_exam_is_either_paused_or_settled_at_its_deadline(course, teacher, sitting):
    last, later = sitting.deadline_at - MINUTE, sitting.deadline_at + timedelta(seconds=30)

    def act(number):
        return services.settle_due(now=later) if number else named_pause()

    def named_pause():
        return pausing.pause_sittings(
            course=course, sitting_ids=[sitting.pk], hours=5, reason="r", author=teacher, now=last
        )

    outcomes = in_threads(act, CROWD)
    after = Sitting.objects.get()
    assert [named(each) for each in outcomes[1:]] == ["ok"] * (CROWD - 1)
    assert (named(outcomes[0]), after.paused_at, after.settled_at) in [
        ("ok", last, None),
        ("pause_too_late", None, later),
    ]
    assert list(verify_grades(now=later)) == []


def settle_against_a_pause(course, teacher, sitting, monkeypatch, patience):
    last, later = sitting.deadline_at - MINUTE, sitting.deadline_at + timedelta(seconds=30)
    found = (sitting.pk, sitting.learner_id, course.pk, later)
    outcomes = pause_while(
        lambda: settling.settle_expired(*found),
        monkeypatch, settling, "attempts_in",
        lambda: pausing.pause_sittings(
            course=course, sitting_ids=[sitting.pk], hours=5, reason="r", author=teacher, now=last
        ),
        patience,
    )  # fmt: skip
    return [named(each) for each in outcomes]


def test_a_pause_that_waits_for_the_settlement_comes_too_late(course, teacher, sitting, monkeypatch):
    assert settle_against_a_pause(course, teacher, sitting, monkeypatch, A_MOMENT) == ["ok", "pause_too_late"]


def test_without_the_lock_only_the_database_keeps_a_paused_exam_from_being_settled(
    course, teacher, sitting, monkeypatch, without_lock
):
    assert settle_against_a_pause(course, teacher, sitting, monkeypatch, LONG_ENOUGH) == ["IntegrityError", "ok"]
    assert Sitting.objects.get().submitted_at is None


def resume_in_a_crowd(course, teacher, sitting, monkeypatch, patience):
    """Return the outcomes of two learners' windows that resume, each after it has read that the exam is paused."""
    pause(course, teacher, NOW)
    gate = threading.Barrier(2)
    move = pause_ends.accepts_until

    def wait_and_move(deadline_at):
        with suppress(threading.BrokenBarrierError):
            gate.wait(patience)
        return move(deadline_at)

    monkeypatch.setattr(pause_ends, "accepts_until", wait_and_move)

    def act(number):
        now = NOW + (number + 1) * MINUTE
        return pausing.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=now)

    return counted(in_threads(act, 2))


def test_resuming_twice_at_once_gives_the_time_of_the_pause_once(course, teacher, sitting, monkeypatch):
    assert resume_in_a_crowd(course, teacher, sitting, monkeypatch, A_MOMENT) == {"ok": 2}
    (told,) = SittingResumption.objects.all()
    assert told.resumed_at - NOW == told.deadline_after - told.deadline_before
    assert Sitting.objects.get().deadline_at == sitting.deadline_at + (told.resumed_at - NOW)


def test_without_the_lock_only_the_database_keeps_a_pause_from_ending_twice(
    course, teacher, sitting, monkeypatch, without_lock
):
    outcomes = resume_in_a_crowd(course, teacher, sitting, monkeypatch, LONG_ENOUGH)
    assert outcomes == {"IntegrityError": 1, "ok": 1}
    assert SittingResumption.objects.count() == 1
