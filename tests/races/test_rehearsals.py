"""A rehearsal and the exam, started at the same instant (D46): the exam always starts, and no rehearsal begins beside it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from people.models import Enrollment
from quizzes import services
from quizzes.models import Sitting, SittingQuestion
from quizzes.services import ungraded
from tests import factories as make
from tests.races.running import counted, in_processes, in_threads
from tests.races.test_twins import without_queue

NOW = make.NOW
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, drawn=2, pool=3, kinds=["numeric"], time_limit=timedelta(hours=1))


@pytest.fixture
def learner(course, exam):
    person = make.enroll(course=course)
    for question in make.make_review(course=course, module=exam.module, kinds=["numeric"] * 2).questions.all():
        services.check_response(
            learner=person, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    return person


@pytest.mark.parametrize("crowd", [in_threads, in_processes])
def test_sixteen_starts_make_one_rehearsal(exam, learner, crowd):
    outcomes = crowd(lambda _: services.start_rehearsal(learner=learner, assessment=exam, now=NOW))
    assert counted(outcomes) == {"ok": 16}
    rehearsal = Sitting.every.get(kind="rehearsal")
    assert SittingQuestion.objects.filter(sitting=rehearsal).count() == 2


def raced(learner, exam, monkeypatch, patience):
    """Start the exam while a rehearsal has read that none is running. Return whether the exam started in between."""
    has_read, has_started = threading.Event(), threading.Event()
    met = []
    reads = ungraded.has_running_exam

    def read_and_wait(*about):
        is_running = reads(*about)
        has_read.set()
        met.append(has_started.wait(patience))
        return is_running

    monkeypatch.setattr(ungraded, "has_running_exam", read_and_wait)

    def act(number):
        if number == 0:
            return services.start_rehearsal(learner=learner, assessment=exam, now=NOW)
        assert has_read.wait(LONG_ENOUGH)
        sitting = services.start_sitting(learner=learner, assessment=exam, now=NOW)
        has_started.set()
        return sitting

    outcomes = in_threads(act, 2)
    assert counted(outcomes[1:]) == {"ok": 1}
    assert Sitting.objects.filter(kind="graded", assessment=exam).count() == 1
    return met


def test_the_exam_waits_until_a_rehearsal_has_begun_or_was_refused(exam, learner, monkeypatch):
    assert raced(learner, exam, monkeypatch, A_MOMENT) == [False]


def test_without_the_lock_a_rehearsal_would_begin_beside_the_exam(exam, learner, monkeypatch):
    def unlocked(*, learner_id, course_id):
        return Enrollment.objects.filter(user_id=learner_id, course_id=course_id).first()

    monkeypatch.setattr(ungraded, "lock_enrollment", unlocked)
    if connection.vendor == "sqlite":
        without_queue(monkeypatch)
    assert raced(learner, exam, monkeypatch, LONG_ENOUGH) == [True]
