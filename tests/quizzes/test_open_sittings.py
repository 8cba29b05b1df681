"""The filters for sittings agree with the rules at every instant around a deadline (D6, D9, D19)."""

from contextlib import suppress
from datetime import timedelta
from itertools import product

import pytest

from quizzes.models import Sitting
from quizzes.refusals import Refusal
from quizzes.rules.timing import NO_END, is_open, is_settled, is_time_up
from quizzes.selectors.sittings import open_sitting_in, open_sitting_of, unsettled_clock, unsettled_sittings
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
AROUND = [timedelta(0), *(timedelta(seconds=s) + t for s, t in product((0, 5, 30), (-TICK, timedelta(0), TICK)))]


@pytest.fixture
def sittings():
    """Every state that a sitting can be in: a review, running, handed in, settled by its deadline, and void."""
    course = make.make_course()
    exam, review = make.make_exam(course=course), make.make_review(course=course)
    deadline = NOW + timedelta(hours=1)
    timed = {"assessment": exam, "started_at": NOW, "deadline_at": deadline}
    timed["accepts_until"] = deadline + timedelta(seconds=5)
    handed_in = {"submitted_at": NOW, "settled_at": NOW, "ended_by": Sitting.Ending.LEARNER}
    expired = {"submitted_at": deadline, "settled_at": deadline, "ended_by": Sitting.Ending.DEADLINE}
    states = {
        "review": {"assessment": review, "started_at": NOW},
        "running": timed,
        "handed in": timed | handed_in,
        "settled": timed | expired,
        "void": timed | {"is_void": True},
        "paused at last": timed | {"paused_at": deadline - TICK, "latest_deadline_at": deadline + timedelta(seconds=5)},
        "paused for long": timed | {"paused_at": NOW, "latest_deadline_at": deadline + timedelta(days=1)},
    }
    return {name: Sitting.objects.create(learner=make.make_user(), **facts) for name, facts in states.items()}


@pytest.mark.parametrize("since", AROUND)
def test_a_filter_finds_the_sittings_for_which_the_rule_holds(sittings, since):
    now = NOW + timedelta(hours=1) + since
    counted = [sitting for sitting in sittings.values() if not sitting.is_void]
    an_open = {sitting for sitting in counted if is_open(sitting.clock, now)}
    assert set(Sitting.objects.open_at(now)) == an_open
    assert set(Sitting.objects.with_time_left(now)) == {each for each in an_open if not is_time_up(each.clock, now)}
    unrecorded = {sitting for sitting in counted if sitting.settled_at is None}
    assert set(Sitting.objects.due_at(now)) == {each for each in unrecorded if is_settled(each.clock, now)}


@pytest.mark.parametrize("since", AROUND)
def test_what_is_read_once_for_a_page_is_what_the_filters_find(sittings, since):
    now = NOW + timedelta(hours=1) + since
    for sitting in sittings.values():
        mine = Sitting.objects.filter(learner_id=sitting.learner_id)
        found = unsettled_sittings(sitting.learner_id)
        assert {each.pk for each in found if is_open(each.clock, now)} == set(ids(mine.open_at(now)))
        assert {each.pk for each in found if is_settled(each.clock, now)} == set(ids(mine.due_at(now)))
        assert open_sitting_in(found, now) == open_sitting_of(sitting.learner_id, now)


@pytest.mark.parametrize("order", ["first", "last"])
def test_of_several_running_exams_one_with_a_clock_counts_and_then_the_one_that_ends_first(order):
    course = make.make_course()
    learner = make.enroll(course=course)
    later, sooner, endless = (
        {"deadline_at": NOW + timedelta(hours=2)},
        {"deadline_at": NOW + timedelta(hours=1)},
        {"deadline_at": NO_END, "is_untimed": True},
    )
    pks = ["a", "b", "c"] if order == "first" else ["c", "b", "a"]
    for pk, facts in zip(pks, (endless, later, sooner), strict=True):
        exam, until = make.make_exam(course=course), facts["deadline_at"] + timedelta(seconds=5)
        common = {"learner": learner, "assessment": exam, "started_at": NOW, "accepts_until": until}
        Sitting.objects.create(pk=pk, **common, **facts)
    found = [open_sitting_of(learner.pk, NOW + timedelta(minutes=minutes)) for minutes in (0, 61, 122)]
    assert [each and (each.pk, each.is_untimed) for each in found] == [(pks[2], False), (pks[1], False), (pks[0], True)]


def ids(rows):
    return rows.values_list("pk", flat=True)


def test_each_filter_finds_something(sittings):
    at = {
        name: NOW + timedelta(hours=1, seconds=seconds)
        for name, seconds in {"before": -1, "between": 7, "after": 31}.items()
    }
    found = {
        name: [
            rows.count()
            for rows in (Sitting.objects.with_time_left(now), Sitting.objects.open_at(now), Sitting.objects.due_at(now))
        ]
        for name, now in at.items()
    }
    assert found == {"before": [3, 3, 0], "between": [1, 3, 0], "after": [1, 2, 1]}


def test_only_the_clock_of_ones_own_sitting_that_is_not_settled_is_found(sittings):
    shown = set()
    for (name, sitting), reader in product(sittings.items(), sittings.values()):
        with suppress(Refusal):
            assert unsettled_clock(reader.learner_id, sitting.pk) == sitting.clock
            shown.add((name, reader is sitting))
    assert shown == {(name, True) for name in ("running", "paused at last", "paused for long")}
