"""Which gaps count as outages, and when a sweeper counts as missing (D20)."""

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.rules.heartbeats import (
    LONGEST_GAP,
    SWEEP_INTERVAL,
    SWEEPER_LEASE,
    begins_period,
    is_outage,
    is_sweeping,
    latest_lease,
)

THEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_the_intervals():
    assert tuple(timedelta(seconds=s) for s in (10, 30, 30)) == (SWEEP_INTERVAL, LONGEST_GAP, SWEEPER_LEASE)


@pytest.mark.parametrize(("gap", "expected"), [(timedelta(seconds=30), False), (timedelta(seconds=30) + TICK, True)])
def test_more_than_thirty_seconds_without_a_heartbeat_are_an_outage(gap, expected):
    assert is_outage(last_beat_at=THEN, next_beat_at=THEN + gap) is expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (None, False),
        (timedelta(0), True),
        (timedelta(seconds=60), True),
        (timedelta(seconds=60) + TICK, False),
        (timedelta(seconds=-30), True),
        (timedelta(seconds=-30) - TICK, False),
    ],
)
def test_a_sweeper_that_was_silent_for_more_than_a_minute_or_swept_in_the_future_does_not_work(since, expected):
    assert is_sweeping(since) is expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (timedelta(seconds=30), False),
        (timedelta(seconds=30) + TICK, True),
        (timedelta(seconds=-30), False),
        (timedelta(seconds=-30) - TICK, True),
    ],
)
def test_a_period_of_service_begins_after_an_outage_and_after_a_heartbeat_of_a_wrong_clock(since, expected):
    assert begins_period(last_beat_at=THEN, now=THEN + since) is expected


def test_a_lease_may_end_later_than_by_this_clock_by_once_its_length():
    assert latest_lease(length=timedelta(seconds=30), now=THEN) == THEN + timedelta(seconds=60)
