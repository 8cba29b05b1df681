"""Which gaps count as outages, and when a sweeper counts as missing (D20)."""

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.rules.heartbeats import LONGEST_GAP, SWEEP_INTERVAL, SWEEPER_LEASE, is_outage, is_sweeping

THEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_the_intervals():
    assert tuple(timedelta(seconds=s) for s in (10, 30, 30)) == (SWEEP_INTERVAL, LONGEST_GAP, SWEEPER_LEASE)


@pytest.mark.parametrize(("gap", "expected"), [(timedelta(seconds=30), False), (timedelta(seconds=30) + TICK, True)])
def test_more_than_thirty_seconds_without_a_heartbeat_are_an_outage(gap, expected):
    assert is_outage(last_beat_at=THEN, next_beat_at=THEN + gap) is expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [(None, False), (timedelta(0), True), (timedelta(seconds=60), True), (timedelta(seconds=60) + TICK, False)],
)
def test_a_sweeper_that_was_silent_for_more_than_a_minute_does_not_work(since, expected):
    assert is_sweeping(since) is expected
