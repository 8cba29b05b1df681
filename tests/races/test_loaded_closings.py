"""Two loads of a course at once: one sets a closing, the other takes it away. The second in turn decides (D36)."""

import threading

import pytest
from django.db import OperationalError, connection

from authoring.services import course_writing, publishing
from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.rules.timing import NO_END
from tests import factories as make
from tests.authoring.test_untimed_loads import NOW, files_of, load
from tests.races.running import counted, in_threads
from tests.races.test_twins import without_queue

CLOSES = "closes: 2030-01-01 18:00"
A_MOMENT, LONG_ENOUGH = 0.5, 60  # seconds


@pytest.fixture
def sitting():
    load(NOW)
    exam = Assessment.objects.select_related("course").get(kind="exam")
    return services.start_sitting(learner=make.enroll(course=exam.course), assessment=exam, now=NOW)[0]


def load_both(monkeypatch, patience):
    """Set a closing in one load. Before it commits, let another load of the course without a closing begin."""
    has_closed, has_read = threading.Event(), threading.Event()
    threads = {}
    read, write_labs = course_writing.closing_times, course_writing.write_labs

    def read_closings(course_id):
        closings = read(course_id)
        if threads.get(threading.get_ident()) == "second":
            has_read.set()
        return closings

    def wait_and_write_labs(**said):
        if threads.get(threading.get_ident()) == "first":
            has_closed.set()
            has_read.wait(patience)
        return write_labs(**said)

    monkeypatch.setattr(course_writing, "closing_times", read_closings)
    monkeypatch.setattr(course_writing, "write_labs", wait_and_write_labs)

    def act(number):
        threads[threading.get_ident()] = ("first", "second")[number]
        if number == 0:
            return load(NOW, files_of(closes=CLOSES))
        assert has_closed.wait(LONG_ENOUGH)
        return load(NOW, files_of(title="The exam"))

    return counted(in_threads(act, 2))


def closing_and_deadline(sitting):
    return Assessment.objects.get(pk=sitting.assessment_id).closes_at, Sitting.objects.get(pk=sitting.pk).deadline_at


def test_a_closing_that_the_next_load_takes_away_ends_no_exam(sitting, monkeypatch):
    assert load_both(monkeypatch, A_MOMENT) == {"ok": 2}
    assert closing_and_deadline(sitting) == (None, NO_END)


def test_without_the_lock_an_exam_would_keep_an_end_that_no_folder_names(sitting, monkeypatch):
    """On SQLite the transaction is the lock. Without it, the second load fails: what it read is no longer true."""
    monkeypatch.setattr(publishing, "lock_course", lambda *, course_id: None)
    if connection.vendor == "sqlite":
        without_queue(monkeypatch)
        assert load_both(monkeypatch, LONG_ENOUGH) == {OperationalError.__name__: 1, "ok": 1}
        return
    assert load_both(monkeypatch, LONG_ENOUGH) == {"ok": 2}
    closing, deadline = closing_and_deadline(sitting)
    assert (closing, deadline < NO_END) == (None, True)
