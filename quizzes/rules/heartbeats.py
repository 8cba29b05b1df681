"""How often our own processes report that they work, and what their silence means (D9, D20)."""

from datetime import datetime, timedelta

SWEEP_INTERVAL = timedelta(seconds=10)  # between two sweeps, and between two heartbeats of the web server
LONGEST_GAP = 3 * SWEEP_INTERVAL  # between two heartbeats; a longer gap is an outage, which costs learners exam time
SWEEPER_LEASE = 3 * SWEEP_INTERVAL  # after that, another sweeper takes over; each sweep renews the lease
SWEEPER_SILENCE = 6 * SWEEP_INTERVAL  # after the last sweep; then health pages report that no sweeper works


def is_outage(*, last_beat_at: datetime, next_beat_at: datetime) -> bool:
    """Tell whether the time between two heartbeats is an outage of ours."""
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
