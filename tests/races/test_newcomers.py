"""People who come while a load or a list is at work: a newcomer is part of it, and a name or a course is made once."""

import threading
from contextlib import suppress

from django.db import connection

from accounts.models import User
from authoring.services import copy_course, course_writing, plan_copy
from course.models import Course
from course.services import content
from people.rules.roster import RosterRow
from people.services import apply_roster, enroll, enrollment, listed_accounts, plan_roster
from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.rules.timing import NO_END
from tests import factories as make
from tests.authoring import test_course_folder as nasty
from tests.authoring.test_untimed_loads import NOW, files_of, load
from tests.races.running import counted, in_threads

A_MOMENT, LONG_ENOUGH = 0.5, 60  # seconds


def start_beside_a_load(monkeypatch, patience=A_MOMENT):
    """Let somebody enroll and start the exam after a load has set the closing of all running exams. Return the sitting.

    The load waits for that for `patience` seconds, in vain if a lock keeps the other back.
    """
    load(NOW)
    course, newcomer = Course.objects.get(), make.make_user()
    has_closed, has_started = threading.Event(), threading.Event()
    write_labs = course_writing.write_labs

    def wait_and_write_labs(**said):
        has_closed.set()
        has_started.wait(patience)
        return write_labs(**said)

    monkeypatch.setattr(course_writing, "write_labs", wait_and_write_labs)

    def act(number):
        if number == 0:
            return load(NOW, files_of(closes="closes: 2030-01-01 18:00"))
        assert has_closed.wait(LONG_ENOUGH)
        enroll(user=newcomer, course=course, code=course.join_code, now=NOW)
        services.start_sitting(learner=newcomer, assessment=Assessment.objects.get(kind="exam"), now=NOW)
        has_started.set()
        return None

    assert counted(in_threads(act, 2)) == {"ok": 2}
    return Sitting.objects.get()


def test_an_exam_of_a_learner_who_enrolls_during_a_load_ends_at_the_closing_that_it_sets(monkeypatch):
    sitting = start_beside_a_load(monkeypatch)
    assert sitting.deadline_at == Assessment.objects.get(kind="exam").closes_at


def test_without_the_lock_the_exam_would_never_end(monkeypatch):
    """On SQLite, the transaction is the lock, so that this exam ends, too."""
    monkeypatch.setattr(enrollment, "lock_course", lambda *, course_id: None)
    is_locked = connection.vendor == "sqlite"
    sitting = start_beside_a_load(monkeypatch, A_MOMENT if is_locked else LONG_ENOUGH)
    assert (sitting.deadline_at < NO_END) is is_locked


def test_two_lists_give_one_username_to_two_people_with_a_number(monkeypatch):
    courses, teacher = [make.make_course() for _ in range(2)], make.make_user(is_staff=True)
    gate, free_username = threading.Barrier(2), listed_accounts.free_username
    asked = threading.local()

    def choose_and_wait(row):
        name = free_username(row)
        if not getattr(asked, "once", False):
            asked.once = True
            with suppress(threading.BrokenBarrierError):  # on SQLite, the second waits for the first
                gate.wait(A_MOMENT)
        return name

    monkeypatch.setattr(listed_accounts, "free_username", choose_and_wait)

    def act(number):
        rows = [RosterRow(2, f"ada{number}@example.org", "", "ada", ())]
        said = {"course": courses[number], "rows": rows}
        return apply_roster(**said, expected=plan_roster(**said).digest, author=teacher, now=make.NOW)

    assert counted(in_threads(act, 2)) == {"ok": 2}
    assert set(User.objects.filter(email__startswith="ada").values_list("username", flat=True)) == {"ada", "ada2"}


def test_a_course_that_is_copied_twice_at_once_is_copied_once(monkeypatch):
    nasty.load()
    source, teacher = Course.objects.get(), make.make_user(is_staff=True)
    gate, write_head = threading.Barrier(2), content._write_head

    def meet_and_write(*said):
        with suppress(threading.BrokenBarrierError):
            gate.wait(A_MOMENT)
        return write_head(*said)

    monkeypatch.setattr(content, "_write_head", meet_and_write)
    plan = plan_copy(course=source, slug="next", title="Next", days=0)

    def act(number):
        return copy_course(plan=plan, source=source, author=teacher, now=make.NOW)

    assert counted(in_threads(act, 2)) == {"ok": 1, "course_exists": 1}
    assert Course.objects.filter(slug="next").count() == 1
