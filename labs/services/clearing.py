"""What labs leave behind and nobody needs any more."""

from datetime import datetime, timedelta

from labs import streams
from labs.models import LeftFile, Run, Session

FILES_KEPT = timedelta(days=7)  # that code left
SESSION_IDLE = timedelta(days=1)  # without a run; the process ended long before
SESSIONS_KEPT = timedelta(days=7)  # after their end
OUTPUTS_KEPT = timedelta(days=30)  # verdict and tests stay


def clear_leftovers(*, now: datetime) -> dict[str, int]:
    """Remove old files and sessions, and the output of old runs; what was removed, by kind. Again is harmless."""
    return {
        "streams": streams.remove_old(now.timestamp()),
        "files": LeftFile.objects.filter(saved_at__lt=now - FILES_KEPT).delete()[0],
        "ended": _end_idle_sessions(now),
        "sessions": Session.objects.filter(ended_at__lt=now - SESSIONS_KEPT).delete()[0],
        "outputs": _empty_outputs(now),
    }


def _end_idle_sessions(now: datetime) -> int:
    since = now - SESSION_IDLE
    idle = Session.objects.filter(ended_at=None, opened_at__lt=since)
    return idle.exclude(runs__created_at__gte=since).update(ended_at=now)


def _empty_outputs(now: datetime) -> int:
    rows = Run.objects.filter(finished_at__lt=now - OUTPUTS_KEPT, has_output=True)
    return rows.update(outputs=[], has_output=False)
