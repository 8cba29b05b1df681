"""Opening and closing are half-open (D22)."""

from datetime import UTC, datetime, timedelta

import pytest

from course.rules.own_dates import OwnDates, in_force
from course.rules.schedule import (
    UNDATED,
    Dates,
    has_closed,
    has_opened,
    is_within_dates,
    order_problem,
    refuse_outside,
)
from foundation.refusals import Refusal

OPENS = datetime(2026, 11, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 12, 1, 8, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "now", "expected"),
    [
        (None, None, OPENS, True),
        (OPENS, CLOSES, OPENS - TICK, False),
        (OPENS, CLOSES, OPENS, True),
        (OPENS, CLOSES, CLOSES - TICK, True),
        (OPENS, CLOSES, CLOSES, False),
        (None, CLOSES, OPENS - TICK, True),
        (OPENS, None, CLOSES, True),
    ],
)
def test_open_from_the_opening_until_the_closing(opens_at, closes_at, now, expected):
    assert is_within_dates(opens_at=opens_at, closes_at=closes_at, now=now) == expected
    assert (has_opened(opens_at, now) and not has_closed(closes_at, now)) == expected


@pytest.mark.parametrize(
    ("what", "now", "code", "facts"),
    [
        ("course", OPENS - TICK, "course_not_open", {"opens_at": OPENS.isoformat()}),
        ("course", CLOSES, "course_closed", {"closes_at": CLOSES.isoformat()}),
        ("module", OPENS - TICK, "module_not_open", {"opens_at": OPENS.isoformat()}),
        ("module", CLOSES, "module_closed", {"closes_at": CLOSES.isoformat()}),
        ("assessment", OPENS - TICK, "assessment_not_open", {"opens_at": OPENS.isoformat()}),
        ("assessment", CLOSES, "assessment_closed", {"closes_at": CLOSES.isoformat()}),
    ],
)
def test_outside_the_refusal_names_what_and_when(what, now, code, facts):
    with pytest.raises(Refusal) as caught:
        refuse_outside(what, opens_at=OPENS, closes_at=CLOSES, now=now)
    assert (caught.value.code, caught.value.facts) == (code, facts)


@pytest.mark.parametrize("now", [OPENS, CLOSES - TICK])
def test_inside_nothing_is_refused(now):
    assert refuse_outside("course", opens_at=OPENS, closes_at=CLOSES, now=now) is None


def test_without_bounds_nothing_is_refused():
    assert refuse_outside("course", opens_at=None, closes_at=None, now=OPENS) is None


def test_inside_something_the_later_opening_the_earlier_closing_and_the_own_due_date_apply():
    outer = Dates(OPENS, CLOSES - TICK, CLOSES)
    assert Dates().within(outer) == outer
    assert outer.within(UNDATED) == outer
    inner = Dates(OPENS - TICK, CLOSES - 2 * TICK, CLOSES + TICK)
    assert inner.within(outer) == Dates(OPENS, CLOSES - 2 * TICK, CLOSES)
    inner = Dates(OPENS + TICK, None, CLOSES - TICK)
    assert inner.within(outer) == Dates(OPENS + TICK, CLOSES - TICK, CLOSES - TICK)


def test_a_learner_gets_whichever_date_is_later_and_what_never_closes_stays_so():
    common = Dates(OPENS, None, CLOSES)
    assert in_force(common, OwnDates(UNDATED)) == common
    assert in_force(common, OwnDates(Dates(None, CLOSES, CLOSES + TICK))) == Dates(OPENS, None, CLOSES + TICK)
    assert in_force(common, OwnDates(Dates(None, None, CLOSES - TICK))) == common
    assert in_force(Dates(due_at=OPENS), OwnDates(Dates(due_at=CLOSES))) == Dates(due_at=CLOSES)


@pytest.mark.parametrize(
    ("dates", "problem"),
    [
        (Dates(), None),
        (Dates(OPENS, CLOSES, CLOSES), None),
        (Dates(OPENS, OPENS, None), "opens"),
        (Dates(OPENS, None, OPENS), "opens"),
        (Dates(OPENS, OPENS + TICK, OPENS + TICK), None),
        (Dates(None, CLOSES + TICK, CLOSES), "due"),
    ],
)
def test_dates_come_in_order(dates, problem):
    assert order_problem(dates) == problem
