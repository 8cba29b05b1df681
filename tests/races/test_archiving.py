"""Archiving a course races with its labs: what was ordered before counts, and nothing is ordered afterward (D28)."""

import threading

import pytest
from django.db import connection

from course.models import Course
from foundation.refusals import Refusal
from grading.models import GradeCategory, GradeItem, Score
from labs.models import Run
from labs.services import RunOutcome, finish_run, order_lab_run, ordering
from operations.services import verify_grades
from people.services import enroll
from quizzes.services import archive_course
from tests import factories as make
from tests.labs.making import RIGHT, make_lab
from tests.races.running import counted, in_threads
from tests.races.test_twins import without_queue

NOW = make.NOW
CROWD = 6
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds


def graded_lab():
    """Return a lab that counts, worth two points."""
    lab = make_lab()
    category = GradeCategory.objects.create(
        course=lab.course, key="lab", title="Labs", of="lab", weight=0, pass_percent=0, position=2
    )
    GradeItem.objects.create(
        category=category, activity=lab.pk, url_name="lab", kind="lab", title="Lab", points_possible=2,
        winnable=["2"], position=1,
    )  # fmt: skip
    return lab


def test_runs_that_were_ordered_before_the_archiving_count_whenever_they_end():
    lab = graded_lab()
    learners = [make.enroll(course=lab.course) for _ in range(CROWD - 1)]
    runs = [order_lab_run(learner=each, lab=lab, cells=RIGHT, mode="test", now=NOW) for each in learners]
    rows = [{"name": "Doubles", "points": "2", "verdict": "passed", "message": "", "tolerance": ""}]
    teacher = make.make_user(is_staff=True)

    def act(number):
        if number == 0:
            return archive_course(course=lab.course, author=teacher, now=NOW)
        outcome = RunOutcome("succeeded", tests=rows)
        return finish_run(run=runs[number - 1], outcome=outcome, now=NOW)

    assert counted(in_threads(act, CROWD)) == {"ok": CROWD}
    assert sorted(Score.objects.values_list("points_earned", flat=True)) == [2] * len(learners)
    assert list(verify_grades(now=NOW)) == []


def archived_before_the_order(monkeypatch, patience):
    """Let an order wait between its checks and its row while the course is archived. Return whether it was by then.

    It waits for `patience` seconds, in vain if a lock keeps the archiving back.
    """
    lab, archived, found = graded_lab(), threading.Event(), []
    learner, teacher = make.enroll(course=lab.course), make.make_user(is_staff=True)
    checked, write = threading.Event(), ordering._queue

    def wait_and_write(**facts):
        checked.set()
        archived.wait(patience)
        found.append(archived.is_set())
        return write(**facts)

    monkeypatch.setattr(ordering, "_queue", wait_and_write)

    def act(number):
        if number == 0:
            return order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode="test", now=NOW)
        assert checked.wait(LONG_ENOUGH)
        done = archive_course(course=lab.course, author=teacher, now=NOW)
        archived.set()
        return done

    in_threads(act, 2)
    return found


def test_no_run_is_ordered_once_the_course_is_archived(monkeypatch):
    assert archived_before_the_order(monkeypatch, A_MOMENT) == [False]
    assert Run.objects.count() == 1


def test_without_the_learners_lock_a_run_is_ordered_in_an_archived_course(monkeypatch):
    monkeypatch.setattr(ordering, "lock_enrollment", lambda **_: None)
    if connection.vendor == "sqlite":
        without_queue(monkeypatch)
    assert archived_before_the_order(monkeypatch, LONG_ENOUGH) == [True]


def test_an_order_that_waited_for_the_archiving_is_refused():
    lab = graded_lab()
    learner, teacher = make.enroll(course=lab.course), make.make_user(is_staff=True)
    archive_course(course=Course.objects.get(pk=lab.course_id), author=teacher, now=NOW)
    with pytest.raises(Refusal, match="archived"):
        order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode="test", now=NOW)
    assert lab.course.archived_at is None  # what the order read before


def test_an_enrollment_that_waited_for_the_archiving_is_refused():
    course, teacher = make.make_course(), make.make_user(is_staff=True)
    archive_course(course=Course.objects.get(pk=course.pk), author=teacher, now=NOW)
    with pytest.raises(Refusal, match="archived"):
        enroll(user=make.make_user(), course=course, now=NOW)
    assert course.archived_at is None  # what the request read before
