"""How often our own processes report that they work, and what their silence means (D9, D20)."""

from datetime import datetime, timedelta

SWEEP_INTERVAL = timedelta(seconds=10)  # between two sweeps, and between two heartbeats of the web server
LONGEST_GAP = 3 * SWEEP_INTERVAL  # between two heartbeats; a longer gap is an outage, which costs learners exam time
SWEEPER_LEASE = 3 * SWEEP_INTERVAL  # after that, another sweeper takes over; each sweep renews the lease
SWEEPER_SILENCE = 6 * SWEEP_INTERVAL  # after the last sweep; then health pages report that no sweeper works


def is_outage(*, last_beat_at: datetime, next_beat_at: datetime) -> bool:
    """Tell whether the time between two heartbeats is an outage of ours."""
    return next_beat_at - last_beat_at > LONGEST_GAP


def is_sweeping(since_last_sweep: timedelta | None) -> bool:
    """Tell whether a sweeper works. Before the first sweep, `since_last_sweep` has no value."""
    return since_last_sweep is not None and since_last_sweep <= SWEEPER_SILENCE
