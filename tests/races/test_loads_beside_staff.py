"""A load that changes grades, beside people and programs that write something about a learner: none ends the other."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client

from authoring.api import late_policies
from authoring.services import course_writing, late_policy_changed
from course.models import Course
from operations.services import verify_grades
from portal.rights.services import seal_waiting
from quizzes import services
from quizzes.models import Assessment, Question, Sitting
from tests import factories as make
from tests.authoring.folder.nasty import edited
from tests.authoring.test_course_folder import learner_with, load
from tests.portal.workplace.people import instructor_of
from tests.races.running import counted, in_threads

NOW = make.NOW
LATER = NOW + timedelta(minutes=10)
AFTER_THE_EXAM = NOW + timedelta(hours=2)
LATE, TEN = "/api/v1/courses/nasty/late-policies/", {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 0}
A_MOMENT, LONG_ENOUGH = 1, 60  # seconds
SAID = {"reason": "a mistake", "now": LATER}


@pytest.fixture
def course():
    load()
    learner = learner_with({"second-true": True})
    exam = Assessment.objects.get(kind="exam")
    sitting = services.start_sitting(learner=learner, assessment=exam, now=NOW)[0]
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    return Course.objects.get()


def void(course, teacher):
    services.void_sitting(
        course=course, author=teacher, sitting_id=Sitting.objects.get(assessment__kind="exam").pk, **SAID
    )


def seal(course, teacher):
    assert seal_waiting(now=LATER).records


def regrade(course, teacher):
    question = Question.objects.get(key="second-true").pk
    services.apply_regrade(course=course, author=teacher, question_id=question, kind="credit", **SAID)


def archive(course, teacher):
    services.archive_course(course=course, author=teacher, now=LATER)


def load_beside(act, monkeypatch):
    """Let `act` go as far as it can after a load has written the course and before it locks the learners."""
    has_written, is_done = threading.Event(), threading.Event()
    write_labs = course_writing.write_labs

    def write_and_wait(**said):
        written = write_labs(**said)
        has_written.set()
        is_done.wait(A_MOMENT)
        return written

    monkeypatch.setattr(course_writing, "write_labs", write_and_wait)

    def race(number):
        if number == 0:
            return load(edited("course.yaml", "pass_percent: 70", "pass_percent: 60"))
        assert has_written.wait(LONG_ENOUGH)
        act()
        is_done.set()
        return None

    return counted(in_threads(race, 2))


@pytest.mark.parametrize("act", [void, seal, regrade, archive])
def test_a_load_and_what_others_write_of_its_learners_both_succeed(course, act, monkeypatch):
    teacher = make.make_user(is_staff=True)
    assert load_beside(lambda: act(course, teacher), monkeypatch) == {"ok": 2}
    assert list(verify_grades(now=LATER)) == []


@pytest.fixture
def keyed_change(course, monkeypatch):
    """Return a function that changes the late policy by the API, with a key, after the exam.

    The edit is read before, because reading the course takes as long as a load that waits.
    """
    teacher = instructor_of(course)
    edit = late_policy_changed(course=course, activity="", policy=TEN, editor=teacher)
    monkeypatch.setattr(late_policies, "late_policy_changed", lambda **_: edit)
    caches["throttles"].clear()
    body = {"assessment": None, "policy": TEN, "dry_run": False}
    with time_machine.travel(AFTER_THE_EXAM, tick=False):
        client = Client(headers={"Idempotency-Key": "key"})
        client.force_login(teacher)
        yield lambda: client.post(LATE, body, content_type="application/json")


def test_a_keyed_change_of_policy_keeps_no_learner_whose_exam_is_over_while_it_waits_for_a_load(
    course, keyed_change, monkeypatch
):
    exam = Assessment.objects.get(kind="exam")
    sitting = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]

    def change():
        refused = keyed_change()  # because the load has written the same text by then
        assert (refused.status_code, refused.json()["code"]) == (409, "settings_stale")

    assert load_beside(change, monkeypatch) == {"ok": 2}
    assert Sitting.objects.get(pk=sitting.pk).settled_at == AFTER_THE_EXAM
    assert list(verify_grades(now=AFTER_THE_EXAM)) == []
