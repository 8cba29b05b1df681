"""Extra attempts race with Final Checks: what the instructor was told is what the questions became (D35, I6).

The race has a twin without the lock, in which a question that was counted as open becomes final all the same.
"""

import threading

import pytest
from django.db import connection

from operations.services import verify_grades
from quizzes.models import Attempt
from quizzes.services import answering, asked_questions, extra_attempts
from tests import factories as make
from tests.races.running import counted, in_threads
from tests.races.test_twins import unlocked

NOW = make.NOW
CROWD = 8
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


@pytest.fixture
def learner():
    return make.enroll(course=make.make_course())


@pytest.fixture
def questions(learner):
    """Questions with one of their two attempts used."""
    course = learner.enrollments.get().course
    found = list(make.make_review(course=course, kinds=["numeric"] * (CROWD - 1)).questions.order_by("position"))
    for question in found:
        check(learner, question, 1)
    return found


def check(learner, question, number):
    response = make.wrong(question, variant=number)
    return answering.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=NOW)


def give(learner, questions):
    """Give one extra attempt, and return how many questions it was for."""
    assessment = questions[0].assessment
    target = {"assessment_id": assessment.pk, "learner_ids": [learner.pk], "extra": 1}
    said = {"course": assessment.course, "reason": "r", "author": learner, "now": NOW}
    return extra_attempts.give_extra_attempts(**target, **said).steps[0].questions


def left_open():
    return Attempt.objects.filter(number=2, attempts_limit=3).count()


def test_as_many_questions_have_another_attempt_as_the_instructor_was_told(learner, questions):
    def act(number):
        return check(learner, questions[number - 1], 2) if number else give(learner, questions)

    told, *checks = in_threads(act, CROWD)
    assert counted(checks) == {"ok": CROWD - 1}
    assert left_open() == (told if isinstance(told, int) else 0)
    assert list(verify_grades(now=NOW)) == []


def check_while_giving(learner, questions, monkeypatch, patience):
    """Let a Check begin when the instructor's action has read the questions: the action waits for it, at most for `patience`."""
    has_read, has_checked = threading.Event(), threading.Event()
    plan = extra_attempts.plan_extra_attempts

    def plan_and_wait(**facts):
        found = plan(**facts)
        has_read.set()
        has_checked.wait(patience)
        return found

    monkeypatch.setattr(extra_attempts, "plan_extra_attempts", plan_and_wait)

    def checking_one():
        has_read.wait(LONG_ENOUGH)
        try:
            return check(learner, questions[0], 2).is_final
        finally:
            has_checked.set()

    return in_threads(lambda number: checking_one() if number else give(learner, questions), 2)


def test_a_check_waits_for_the_instructors_action_and_is_no_final_check(learner, questions, monkeypatch):
    assert check_while_giving(learner, questions[:1], monkeypatch, A_MOMENT) == [CROWD - 1, False]
    assert left_open() == 1


def test_without_the_lock_a_question_that_was_counted_becomes_final(learner, questions, monkeypatch):
    monkeypatch.setattr(asked_questions, "lock_enrollment", unlocked)
    monkeypatch.setattr(extra_attempts, "lock_learners", lambda **facts: None)
    if connection.vendor == "sqlite":  # whose lock is its transaction
        for module, name in [(answering, "check_response"), (extra_attempts, "give_extra_attempts")]:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    assert check_while_giving(learner, questions[:1], monkeypatch, LONG_ENOUGH) == [CROWD - 1, True]
    assert left_open() == 0
