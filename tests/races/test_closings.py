"""A closing that is set while learners sit an exam without a time limit races with answers and with handing in (D36, I3)."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from course.selectors import published
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.timing import SETTLEMENT
from tests import factories as make
from tests.races.running import counted, in_threads

NOW = make.NOW
LATER = NOW + timedelta(minutes=10)
CROWD = 8
WAIT = 20  # seconds; a race that takes longer is broken


@pytest.fixture
def sitting():
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=CROWD - 2, pool=CROWD - 2, kinds=["numeric"], time_limit=None)
    return services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]


def close(sitting, now):
    """Set a closing time that is past already, as a load does that took long."""
    with transaction.atomic():
        Assessment.objects.filter(pk=sitting.assessment_id).update(closes_at=NOW)
        services.follow_closings(course_id=sitting.assessment.course_id, now=now)


def test_an_exam_that_starts_while_a_closing_is_published_ends_at_it():
    exam = make.make_exam(course=make.make_course(), time_limit=None)
    learner = make.enroll(course=exam.course)
    has_closed, has_started = threading.Event(), threading.Event()
    published(exam.course_id)  # the process has the old revision in memory

    def publish():
        with transaction.atomic():
            Assessment.objects.filter(pk=exam.pk).update(closes_at=LATER)
            services.follow_closings(course_id=exam.course_id, now=NOW)
            has_closed.set()
            has_started.wait(0.3)  # time for the start to reach the lock

    def start():
        has_closed.wait(WAIT)
        try:
            return services.start_sitting(learner=learner, assessment=exam, now=NOW)
        finally:
            has_started.set()

    outcomes = in_threads(lambda number: (publish, start)[number](), 2)
    assert counted(outcomes) == {"ok": 2}
    assert Sitting.objects.get().deadline_at == LATER


def answer(sitting, question, now):
    said = {"question_id": question.pk, "response": make.right(question), "number": 1}
    return services.check_response(learner=sitting.learner, now=now, **said)


def test_no_answer_is_accepted_after_the_end_that_a_closing_sets(sitting):
    questions = [row.question for row in sitting.questions.select_related("question__current")]

    def act(number):
        match number:
            case 0:
                return close(sitting, NOW)
            case 1:
                return services.hand_in_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=LATER)
            case _:
                return answer(sitting, questions[number - 2], LATER)

    outcomes = counted(in_threads(act, CROWD))
    assert set(outcomes) <= {"ok", "sitting_over"}
    found = Sitting.objects.get(pk=sitting.pk)
    received = Attempt.objects.filter(sitting=sitting).values_list("received_at", flat=True)
    assert all(at <= found.accepts_until for at in received)
    services.settle_due(now=LATER + SETTLEMENT)
    found.refresh_from_db()
    assert found.submitted_at == (LATER if found.ended_by == "learner" else found.deadline_at)
    assert list(verify_grades(now=LATER + SETTLEMENT)) == []


def test_of_handing_in_and_closing_one_ends_the_exam_and_nothing_is_graded_twice(sitting):
    question = sitting.questions.select_related("question__current").first().question
    said = {"question_id": question.pk, "response": make.right(question), "revision": 0, "now": NOW}
    services.save_draft(learner=sitting.learner, **said)

    def act(number):
        if number % 2:
            return services.hand_in_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=NOW + SETTLEMENT)
        close(sitting, NOW)
        return services.settle_due(now=NOW + SETTLEMENT + timedelta(seconds=1))

    assert set(counted(in_threads(act, CROWD))) <= {"ok", "sitting_over"}
    found = Sitting.objects.get(pk=sitting.pk)
    assert (found.settled_at is not None, Attempt.objects.get().by) == (True, "deadline")
    assert list(verify_grades(now=LATER)) == []
