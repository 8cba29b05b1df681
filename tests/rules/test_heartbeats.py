"""Which gaps count as outages, and when a sweeper counts as missing (D20)."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from quizzes.rules.heartbeats import (
    LONGEST_GAP,
    OURS,
    SEEN,
    SWEEP_INTERVAL,
    SWEEPER_LEASE,
    DatabaseState,
    HeartbeatReply,
    OutageCause,
    SeenCause,
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


DEAD, FULL = SeenCause.PROCESS_DEAD, SeenCause.REFUSED_FULL
AWAY, CLOSED = SeenCause.DATABASE_AWAY, SeenCause.CLOSED


def test_causes_are_stored_and_sent_under_these_names():
    assert [each.value for each in OutageCause] == ["process_dead", "database_away", "machine_stalled", "refused_full"]
    assert [each.value for each in SeenCause] == [*(each.value for each in OutageCause), "closed"]


def test_the_table_says_something_about_every_reply_and_every_state_of_the_database():
    assert set(SEEN) == set(product(HeartbeatReply, DatabaseState))


@pytest.mark.parametrize(
    ("reply", "works", "busy", "away"),
    [
        (HeartbeatReply.REFUSED, DEAD, DEAD, DEAD),
        (HeartbeatReply.CLOSED, CLOSED, CLOSED, AWAY),
        (HeartbeatReply.SILENT, FULL, FULL, AWAY),
        (HeartbeatReply.FULL, FULL, FULL, AWAY),
        (HeartbeatReply.FAILED, FULL, FULL, AWAY),
    ],
)
def test_only_a_refused_connection_and_a_database_that_is_away_are_certainly_ours(reply, works, busy, away):
    states = (DatabaseState.WORKS, DatabaseState.BUSY, DatabaseState.AWAY)
    assert [SEEN[reply, state] for state in states] == [works, busy, away]


def test_three_causes_are_ours():
    assert set(OutageCause) - OURS == {OutageCause.REFUSED_FULL}
