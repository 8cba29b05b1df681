"""How often our own processes report that they work, and what their silence means (D9, D20)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum, auto

SWEEP_INTERVAL = timedelta(seconds=10)  # between two sweeps, and between two heartbeats of the web server
LONGEST_GAP = 3 * SWEEP_INTERVAL  # between two heartbeats; a longer gap is an outage, which costs learners exam time
SWEEPER_LEASE = 3 * SWEEP_INTERVAL  # after that, another sweeper takes over; each sweep renews the lease
SWEEPER_SILENCE = 6 * SWEEP_INTERVAL  # after the last sweep; then health pages report that no sweeper works


class OutageCause(StrEnum):
    """Why no heartbeat was recorded."""

    PROCESS_DEAD = "process_dead"  # no web process listened, or the whole installation was down
    DATABASE_AWAY = "database_away"  # the database refused, did not answer, or could not write
    MACHINE_STALLED = "machine_stalled"  # our processes lived, but got no processor for that long
    REFUSED_FULL = (
        "refused_full"  # the web process lived and did not take the heartbeat: others' requests may have filled it
    )


# Only we can have caused these, so the lost time is offered. With any other cause, an attacker could gain time.
OURS = frozenset({OutageCause.PROCESS_DEAD, OutageCause.DATABASE_AWAY, OutageCause.MACHINE_STALLED})


class HeartbeatReply(StrEnum):
    """What a sweeper met that asked for a heartbeat and got none."""

    REFUSED = auto()  # the machine refused the connection, because no process listens
    CLOSED = auto()  # the connection ended without an answer: the process died, or it turns connections away
    SILENT = auto()  # no answer in time
    FULL = auto()  # an answer that says that the server is full of others' requests
    FAILED = auto()  # any other answer


class DatabaseState(StrEnum):
    """How the sweeper's own attempt to write went, after it got no heartbeat."""

    WORKS = auto()
    BUSY = auto()  # locked, or out of connections: others' requests can do that
    AWAY = auto()  # refused, silent, or unable to write


class SeenCause(StrEnum):
    """What one request for a heartbeat says about the time since the one before: a cause, or that it is not certain."""

    PROCESS_DEAD = OutageCause.PROCESS_DEAD
    DATABASE_AWAY = OutageCause.DATABASE_AWAY
    MACHINE_STALLED = OutageCause.MACHINE_STALLED
    REFUSED_FULL = OutageCause.REFUSED_FULL
    CLOSED = "closed"  # the process died if it was dead directly before or afterward; otherwise it turned us away


# A database that is away stops every request, so it is the cause whatever the web server answered during that time.
SEEN: Mapping[tuple[HeartbeatReply, DatabaseState], SeenCause] = {
    (HeartbeatReply.REFUSED, DatabaseState.WORKS): SeenCause.PROCESS_DEAD,
    (HeartbeatReply.REFUSED, DatabaseState.BUSY): SeenCause.PROCESS_DEAD,
    (HeartbeatReply.REFUSED, DatabaseState.AWAY): SeenCause.PROCESS_DEAD,
    (HeartbeatReply.CLOSED, DatabaseState.WORKS): SeenCause.CLOSED,
    (HeartbeatReply.CLOSED, DatabaseState.BUSY): SeenCause.CLOSED,
    (HeartbeatReply.CLOSED, DatabaseState.AWAY): SeenCause.DATABASE_AWAY,
    (HeartbeatReply.SILENT, DatabaseState.WORKS): SeenCause.REFUSED_FULL,
    (HeartbeatReply.SILENT, DatabaseState.BUSY): SeenCause.REFUSED_FULL,
    (HeartbeatReply.SILENT, DatabaseState.AWAY): SeenCause.DATABASE_AWAY,
    (HeartbeatReply.FULL, DatabaseState.WORKS): SeenCause.REFUSED_FULL,
    (HeartbeatReply.FULL, DatabaseState.BUSY): SeenCause.REFUSED_FULL,
    (HeartbeatReply.FULL, DatabaseState.AWAY): SeenCause.DATABASE_AWAY,
    (HeartbeatReply.FAILED, DatabaseState.WORKS): SeenCause.REFUSED_FULL,
    (HeartbeatReply.FAILED, DatabaseState.BUSY): SeenCause.REFUSED_FULL,
    (HeartbeatReply.FAILED, DatabaseState.AWAY): SeenCause.DATABASE_AWAY,
}


def is_outage(*, last_beat_at: datetime, next_beat_at: datetime) -> bool:
    """Tell whether the time between two heartbeats is an outage."""
    return next_beat_at - last_beat_at > LONGEST_GAP


def begins_period(*, last_beat_at: datetime, now: datetime) -> bool:
    """Tell whether a heartbeat begins a new period of service.

    It does so after an outage, and if the last one lies so far in the future that a clock was wrong then. Otherwise, no
    outage could be noticed until that time has come.
    """
    is_of_wrong_clock = last_beat_at - now > LONGEST_GAP
    return is_of_wrong_clock or is_outage(last_beat_at=last_beat_at, next_beat_at=now)


def latest_lease(*, length: timedelta, now: datetime) -> datetime:
    """Return the latest end that a lease of this length may have, with room for clocks that differ a little.

    A lease that ends later was written while a clock was wrong.
    """
    return now + 2 * length


def is_sweeping(since_last_sweep: timedelta | None) -> bool:
    """Tell whether a sweeper works. Before the first sweep, `since_last_sweep` has no value.

    If the time of the last sweep is in the future by more than clocks may differ, a clock was wrong. Then it says nothing.
    """
    return since_last_sweep is not None and -SWEEPER_LEASE <= since_last_sweep <= SWEEPER_SILENCE
