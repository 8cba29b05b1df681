"""One deadline and its three instants (D5, D6, D9, D15)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.rules.timing import (
    NETWORK_GRACE,
    NO_END,
    SETTLEMENT,
    SittingClock,
    accepts,
    closing_cut,
    deadline,
    deadline_after_closing,
    deadline_as_of,
    is_in_grace,
    is_open,
    is_over,
    is_paused,
    is_settled,
    is_time_up,
    minutes_of,
    pause_ends_at,
)

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = START + HOUR
TICK = timedelta(microseconds=1)
MS = timedelta(milliseconds=1)


def clock(*, deadline_at=END, submitted_at=None):
    return SittingClock(started_at=START, deadline_at=deadline_at, submitted_at=submitted_at)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "now", "cut"),
    [
        (None, None, START, None),
        (None, START, START, None),  # it has closed
        (None, START + TICK, START, (START + TICK - HOUR, True)),
        (None, END, START, (START, False)),
        (None, END, START + TICK, (START, True)),
        (START, END, START - HOUR, (START, False)),
        (START + TICK, END, START - HOUR, (START, True)),
    ],
)
def test_a_closing_cuts_what_is_left_of_a_limit(opens_at, closes_at, now, cut):
    shown = closing_cut(HOUR, opens_at=opens_at, closes_at=closes_at, now=now)
    assert (shown and (shown.full_until, shown.is_always)) == cut


def judged(given, now):
    predicates = (accepts, is_in_grace, is_time_up, is_over, is_settled, is_open)
    return "".join("Y" if predicate(given, now) else "-" for predicate in predicates)


def test_the_grace_and_the_settlement_are_those_of_the_rules():
    assert (timedelta(seconds=5), timedelta(seconds=30)) == (NETWORK_GRACE, SETTLEMENT)


@pytest.mark.parametrize(
    ("now", "expected"),  # accepts, in grace, time up, over, settled, open
    [
        (START, "Y----Y"),
        (END - MS, "Y----Y"),
        (END - TICK, "Y----Y"),
        (END, "YYY--Y"),
        (END + TICK, "YYY--Y"),
        (END + MS, "YYY--Y"),
        (END + timedelta(seconds=5) - TICK, "YYY--Y"),
        (END + timedelta(seconds=5), "YYY--Y"),
        (END + timedelta(seconds=5) + TICK, "--YY-Y"),
        (END + timedelta(seconds=5) + MS, "--YY-Y"),
        (END + timedelta(seconds=30) - TICK, "--YY-Y"),
        (END + timedelta(seconds=30), "--YYY-"),
        (END + timedelta(days=1), "--YYY-"),
    ],
)
def test_a_running_exam_at_every_instant(now, expected):
    assert judged(clock(), now) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [(START, "---YY-"), (END - MS, "---YY-"), (END, "--YYY-"), (END + timedelta(seconds=4), "--YYY-")],
)
def test_an_exam_ended_by_its_learner_is_over_and_settled_at_once(now, expected):
    assert judged(clock(submitted_at=START), now) == expected


@pytest.mark.parametrize("now", [START, START + timedelta(days=3650)])
def test_a_review_has_no_deadline_and_never_closes(now):
    assert judged(clock(deadline_at=None), now) == "Y-----"


@pytest.mark.parametrize("now", [START, START + timedelta(days=3650)])
def test_an_untimed_exam_that_never_closes_is_open_until_it_is_handed_in(now):
    running = SittingClock(START, NO_END, None, is_untimed=True)
    assert judged(running, now) == "Y----Y"
    assert judged(replace(running, submitted_at=START), now)[-2:] == "Y-"
    assert deadline_as_of(running, now) is None


UNTIMED = SittingClock(START, END, None, is_untimed=True)


@pytest.mark.parametrize(
    ("stored", "closes_at", "expected"),
    [
        (NO_END, None, None),
        (NO_END, END, END),
        (NO_END, START - HOUR, START + MS),  # the learner used it until then
        (END, END, None),
        (END, END + TICK, END + TICK),
        (END, END - TICK, None),
        (END, START - HOUR, None),
        (END, None, NO_END),
    ],
)
def test_the_deadline_of_an_untimed_exam_follows_its_closing(stored, closes_at, expected):
    running = replace(UNTIMED, deadline_at=stored)
    assert deadline_after_closing(running, closes_at=closes_at, used_until=START + MS) == expected


@pytest.mark.parametrize("now", [END + MS, END + NETWORK_GRACE + MS, END + SETTLEMENT - MS])
def test_a_closing_that_stays_moves_no_deadline_however_late_it_is_asked(now):
    assert deadline_after_closing(UNTIMED, closes_at=END, used_until=now) is None
    assert deadline_after_closing(UNTIMED, closes_at=END - HOUR, used_until=now) is None


def test_no_exam_ends_later_than_no_end():
    far = NO_END + HOUR
    assert deadline(started_at=START, limit=None, multiplier=Decimal(1), closes_at=far) == NO_END
    assert deadline_after_closing(replace(UNTIMED, deadline_at=NO_END), closes_at=far, used_until=START) is None


def test_a_closing_before_the_start_leaves_an_instant_between():
    running = replace(UNTIMED, deadline_at=NO_END)
    assert deadline_after_closing(running, closes_at=START - HOUR, used_until=START) == START + TICK


def test_no_other_deadline_follows_a_closing():
    for other in (clock(), clock(deadline_at=None)):
        assert deadline_after_closing(other, closes_at=END + HOUR, used_until=START) is None


@pytest.mark.parametrize(
    ("limit", "multiplier", "closes_at", "expected"),
    [
        (HOUR, "1", None, END),
        (HOUR, "1.5", None, START + timedelta(minutes=90)),
        (HOUR, "1", START + timedelta(minutes=20), START + timedelta(minutes=20)),
        (HOUR, "1.5", START + timedelta(minutes=80), START + timedelta(minutes=80)),
        (HOUR, "2", START + timedelta(hours=3), START + timedelta(hours=2)),
        (HOUR, "1", END, END),
        (None, "1", END, END),
        (None, "2", END, END),
        (None, "2", None, NO_END),
        (timedelta(microseconds=1), "1.5", None, START + timedelta(microseconds=2)),
        (timedelta(microseconds=10), "1.1", None, START + timedelta(microseconds=11)),
    ],
)
def test_the_deadline_is_stretched_by_the_accommodation_and_cut_by_the_closing(limit, multiplier, closes_at, expected):
    stored = deadline(started_at=START, limit=limit, multiplier=Decimal(multiplier), closes_at=closes_at)
    assert stored == expected


def test_an_hour_is_an_hour_in_a_daylight_saving_night():
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30, half an hour before clocks go back
    stored = deadline(started_at=start, limit=HOUR, multiplier=Decimal(1), closes_at=None)
    assert (stored - start, stored.astimezone(berlin).hour) == (HOUR, 2)


@given(st.decimals("1", "4", places=2), st.integers(1, 10**9))
def test_no_accommodation_is_shorter_than_its_exact_product(multiplier, ticks):
    limit = timedelta(microseconds=ticks)
    stored = deadline(started_at=START, limit=limit, multiplier=multiplier, closes_at=None)
    given = (stored - START) // TICK
    assert given - 1 < ticks * multiplier <= given


@given(st.timedeltas(-timedelta(hours=1), timedelta(hours=2)), st.booleans())
def test_nothing_is_accepted_once_anything_is_settled(offset, is_ended):
    subject = clock(submitted_at=START if is_ended else None)
    now = END + offset
    assert not (accepts(subject, now) and is_settled(subject, now))
    assert is_over(subject, now) == (not accepts(subject, now))


PAUSED = SittingClock(START, END, None, START + HOUR / 2, END + 2 * HOUR)
PAUSE_ENDS = START + HOUR / 2 + 2 * HOUR


def test_a_pause_lasts_until_its_latest_end():
    assert pause_ends_at(PAUSED) == PAUSE_ENDS
    around = (START + HOUR / 2 - TICK, START + HOUR / 2, PAUSE_ENDS - TICK, PAUSE_ENDS)
    assert [is_paused(PAUSED, now) for now in around] == [False, True, True, False]


def test_in_a_pause_the_time_left_stands_and_then_the_clock_runs_on():
    assert deadline_as_of(PAUSED, START) == END
    for now in (START + HOUR / 2, START + HOUR, PAUSE_ENDS):
        assert deadline_as_of(PAUSED, now) - now == HOUR / 2
    assert deadline_as_of(PAUSED, PAUSE_ENDS + HOUR) == END + 2 * HOUR


def test_a_paused_sitting_is_judged_by_its_later_deadline():
    late = END + 2 * HOUR
    assert judged(PAUSED, END + SETTLEMENT) == "Y----Y"
    assert judged(PAUSED, late - TICK) == "Y----Y"
    assert judged(PAUSED, late + NETWORK_GRACE) == "YYY--Y"
    assert judged(PAUSED, late + SETTLEMENT) == "--YYY-"


def test_nothing_but_a_pause_moves_a_deadline():
    assert deadline_as_of(clock(), END + HOUR) == END
    assert deadline_as_of(clock(deadline_at=None), END) is None
    assert (pause_ends_at(clock()), is_paused(clock(), START)) == (None, False)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (3600, 60), (3601, 61)])
def test_a_minute_that_has_begun_counts_as_a_whole_one(seconds, minutes):
    assert minutes_of(seconds) == minutes
