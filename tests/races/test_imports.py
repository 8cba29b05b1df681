"""Files that name the same learners in opposite orders do not wait for each other forever."""

import threading
from contextlib import suppress
from decimal import Decimal

import pytest

from grading.rules.overrides import OverrideLine
from grading.services import override_import, settle_grades
from grading.services.override_import import plan_overrides
from people.rules.roster import RosterRow
from people.services import apply_roster, plan_roster, roster
from tests import factories as make
from tests.races.running import counted, in_threads

NOW = make.NOW
A_MOMENT = 1  # seconds


@pytest.fixture
def course():
    course = make.make_course()
    make.make_review(course=course, kinds=["numeric"], title="Review")
    return course


def meet_after_one(monkeypatch, *places):
    """Let both files get as far as their first learner before either goes on, if both can."""
    gate = threading.Barrier(2)
    for module, name in places:
        monkeypatch.setattr(module, name, meeting(getattr(module, name), gate))


def meeting(act, gate):
    def act_and_meet(*args, **said):
        done = act(*args, **said)
        with suppress(threading.BrokenBarrierError):
            gate.wait(A_MOMENT)
        return done

    return act_and_meet


def previewed(course, people, teacher):
    lines = [OverrideLine(place, person, "Review", Decimal(1), "ill") for place, person in enumerate(people, 2)]
    grades = settle_grades(now=NOW, course_id=course.pk)
    return plan_overrides(grades=grades, course=course, lines=lines, author=teacher, now=NOW)


def test_two_files_of_overrides_are_previewed_at_once(course, monkeypatch):
    people = [make.enroll(course=course).username for _ in range(2)]
    teacher = make.make_user(is_staff=True)
    meet_after_one(monkeypatch, (override_import, "override_activity"))

    def see(number):
        assert previewed(course, people[::-1] if number else people, teacher).mistakes == ()

    assert counted(in_threads(see, 2)) == {"ok": 2}


def test_a_class_list_waits_for_a_file_of_overrides(course, monkeypatch):
    people = [make.enroll(course=course).username for _ in range(2)]
    teacher = make.make_user(is_staff=True)
    meet_after_one(monkeypatch, (override_import, "override_activity"), (roster, "enrolled"))
    rows = [RosterRow(place, "", "", person, ("evening",)) for place, person in enumerate(people[::-1], 2)]
    digest = plan_roster(course=course, rows=rows).digest

    def act(number):
        if number == 0:
            return apply_roster(course=course, rows=rows, expected=digest, author=teacher, now=NOW)
        return previewed(course, people, teacher)

    assert counted(in_threads(act, 2)) == {"ok": 2}
