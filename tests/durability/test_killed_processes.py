"""A process that dies at any point between receiving and committing leaves all or nothing, and a retry succeeds."""

import multiprocessing
import os
import signal
from datetime import timedelta

import pytest
from django.db import connection, connections

from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Sitting
from tests import factories as make
from tests.rounds import second_round

pytestmark = second_round

NOW = make.NOW
MOST_STATEMENTS = 40


def killed_at(statement: int, act) -> bool:
    """Run `act` in a process that kills itself before its n-th query. Return False if `act` needs fewer queries."""
    connections.close_all()

    def die_or_go_on(execute, *args):
        nonlocal statement
        statement -= 1
        if statement == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    def run() -> None:
        with connection.execute_wrapper(die_or_go_on):
            act()
        connections.close_all()

    victim = multiprocessing.get_context("fork").Process(target=run)
    victim.start()
    victim.join()
    return victim.exitcode == -signal.SIGKILL


def every_point(act):
    """Kill `act` at its first, second, … query until it succeeds; yield after each death."""
    for statement in range(1, MOST_STATEMENTS):
        if not killed_at(statement, act):
            assert statement > 5, "it was not killed inside its work"
            return
        yield statement
    raise AssertionError("it never got through")


@pytest.fixture
def world():
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=2, pool=2, kinds=["numeric"])
    return course, exam, make.enroll(course=course)


def test_a_check_is_whole_or_never_happened_wherever_its_process_dies(world):
    _, exam, learner = world
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    right = make.right(question)

    def check():
        services.check_response(learner=learner, question_id=question.pk, response=right, number=1, now=NOW)

    for _ in every_point(check):
        assert Attempt.objects.count() == 0
        assert list(verify_grades(now=NOW)) == []
    assert Attempt.objects.count() == 1
    assert list(verify_grades(now=NOW)) == []


def test_a_start_is_whole_or_never_happened_wherever_its_process_dies(world):
    _, exam, learner = world
    for _ in every_point(lambda: services.start_sitting(learner=learner, assessment=exam, now=NOW)):
        assert Sitting.objects.count() == 0
    assert Sitting.objects.get().questions.count() == 2


def test_a_settlement_is_whole_or_never_happened_wherever_its_process_dies(world):
    _, exam, learner = world
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row in sitting.questions.all():
        services.save_draft(
            learner=learner, question_id=row.question_id, response=make.right(row.question), revision=0, now=NOW
        )
    later = NOW + timedelta(hours=2)
    for _ in every_point(lambda: services.settle_due(now=later)):
        sitting.refresh_from_db()
        assert (sitting.settled_at, Attempt.objects.count()) == (None, 0)
    sitting.refresh_from_db()
    assert (sitting.submitted_at, Attempt.objects.count()) == (sitting.deadline_at, 2)
    assert list(verify_grades(now=later)) == []
