"""A group gets other dates while a class list moves a learner into it: whichever comes second sees what the first did."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from course.rules.schedule import Dates
from grading.models import Score
from operations.services import verify_grades
from people.rules.roster import read_roster
from people.selectors import learners_in
from people.services import apply_roster, membership, plan_roster, roster, set_groups
from people.services import group_dates as groups
from portal.allowances.services import group_dates, set_group_dates
from quizzes import services
from tests import factories as make
from tests.races.running import counted, in_threads

NOW, DAY = make.NOW, timedelta(days=1)
LATER, HALF = NOW + 3 * DAY, Decimal("0.5")
A_MOMENT, LONG_ENOUGH = 2, 60  # seconds
LIST = read_roster("username,group\nada,Monday").rows
DATES, ROSTER = "dates", "list"  # which of the two comes first, and waits when it has done its work


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


class Monday:
    """A course whose group Monday has one learner. Another one, ada, answered in time for everyone, but not for the date
    that Monday is about to get, and so would have half of the points there.
    """

    def __init__(self):
        self.course, self.teacher = make.make_course(), make.make_user(is_staff=True)
        self.review = make.make_review(course=self.course, kinds=["numeric"])
        make.make_late(self.review, due_at=NOW + 2 * DAY, percent_per_day=50)
        self.join(make.enroll(course=self.course).pk)
        self.ada = make.enroll(course=self.course, user=make.make_user(username="ada"))
        question = self.review.questions.get()
        answer = {"learner": self.ada, "question_id": question.pk, "response": make.right(question), "number": 1}
        services.check_response(**answer, now=NOW + DAY + timedelta(hours=1))

    def join(self, learner_id):
        set_groups(course=self.course, learner_id=learner_id, names=["Monday"], author=self.teacher, now=NOW)

    def give_dates(self):
        dates = {self.review.pk: Dates(due_at=NOW + DAY)}
        return set_group_dates(course=self.course, group="Monday", dates=dates, author=self.teacher, now=LATER)

    def plan(self):
        return plan_roster(course=self.course, rows=LIST, now=LATER)

    def apply_list(self, plan):
        return apply_roster(course=self.course, rows=LIST, expected=plan.digest, author=self.teacher, now=LATER)

    @property
    def of_ada(self):
        """Return whether ada is in the group, and her points."""
        members = learners_in(self.course.pk, group="Monday").values_list("user_id", flat=True)
        return self.ada.pk in members, Score.objects.get(learner=self.ada).points_earned


def race(monkeypatch, monday, first, patience):
    """Let the first of the two do its work and wait, before it is stored, for the second. Return the outcomes."""
    has_worked, is_over = threading.Event(), threading.Event()
    module, name = (group_dates, "give_group_dates") if first == DATES else (roster, "follow_groups")
    work = getattr(module, name)

    def work_and_wait(*values, **named):
        done = work(*values, **named)
        has_worked.set()
        is_over.wait(patience)
        return done

    monkeypatch.setattr(module, name, work_and_wait)
    plan = monday.plan()
    acts = {DATES: monday.give_dates, ROSTER: lambda: monday.apply_list(plan)}
    racers = [acts.pop(first), *acts.values()]

    def act(number):
        if number == 0:
            return racers[0]()
        assert has_worked.wait(LONG_ENOUGH)
        try:
            return racers[1]()
        finally:
            is_over.set()

    return counted(in_threads(act, 2))


def test_a_list_that_comes_second_is_refused_because_a_grade_would_move_now(monkeypatch):
    monday = Monday()
    assert race(monkeypatch, monday, DATES, A_MOMENT) == {"ok": 1, "roster_stale": 1}
    assert monday.of_ada == (False, 1)
    monday.apply_list(monday.plan())
    assert (monday.of_ada, list(verify_grades(now=LATER))) == ((True, HALF), [])


def test_dates_that_come_second_count_for_the_learner_whom_the_list_moved(monkeypatch):
    monday = Monday()
    assert race(monkeypatch, monday, ROSTER, A_MOMENT) == {"ok": 2}
    assert (monday.of_ada, list(verify_grades(now=LATER))) == ((True, HALF), [])


@pytest.mark.parametrize("first", [DATES, ROSTER])
def test_without_the_lock_the_learner_would_keep_points_that_the_date_takes(monkeypatch, first):
    """On SQLite, the transaction is the lock, so that nothing goes wrong there."""
    for module in (group_dates, groups, membership, roster):
        monkeypatch.setattr(module, "lock_groups", lambda _course: None)
    is_locked = connection.vendor == "sqlite"
    monday = Monday()
    outcomes = race(monkeypatch, monday, first, A_MOMENT if is_locked else LONG_ENOUGH)
    wrong = list(verify_grades(now=LATER))
    if is_locked:
        assert (outcomes.get("ok"), wrong) == (1 if first == DATES else 2, [])
    else:
        assert (outcomes, monday.of_ada) == ({"ok": 2}, (True, 1))
        assert wrong != []
