"""Delete old files, sessions, charts and outputs of labs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from foundation.one_by_one import one_by_one
from labs import streams
from labs.models import DrawnCharts, LeftFile, Run, Session
from labs.services.keeping import clear_runs

FILES_KEPT = timedelta(days=7)  # for files that code left
SESSION_IDLE = timedelta(days=1)  # without a run; the process ended long before
SESSIONS_KEPT = timedelta(days=7)  # after their end
MOST_EMPTIED = 1_000  # runs in one sweep


def clear_leftovers(*, now: datetime) -> dict[str, int]:
    """Delete old files and sessions, and the output and code of old runs. Return the numbers deleted, by kind.

    The code of a run that counts in a grade stays.
    Calling it again is harmless.
    """
    work: dict[str, Callable[[], int]] = {
        "streams": lambda: streams.remove_old(now.timestamp()),
        "files": lambda: LeftFile.objects.filter(saved_at__lt=now - FILES_KEPT).delete()[0],
        "charts": lambda: DrawnCharts.objects.filter(drawn_at__lt=now - FILES_KEPT).delete()[0],
        "ended": lambda: _end_idle_sessions(now),
        "sessions": lambda: Session.objects.filter(ended_at__lt=now - SESSIONS_KEPT).delete()[0],
        "runs": lambda: _empty_old_runs(now),
    }
    deleted = {}
    with one_by_one() as alone:
        for kind, clear in work.items():
            with alone(kind):
                deleted[kind] = clear()
    return deleted


def _end_idle_sessions(now: datetime) -> int:
    since = now - SESSION_IDLE
    idle = Session.objects.filter(ended_at=None, opened_at__lt=since)
    return idle.exclude(runs__created_at__gte=since).update(ended_at=now)


def _empty_old_runs(now: datetime) -> int:
    """Empty the runs that are older than the setting allows, MOST_EMPTIED at a time; the next sweep continues."""
    rows = Run.objects.filter(finished_at__lt=now - settings.RUNS_KEPT, size__gt=0).order_by("finished_at")
    return clear_runs(list(rows.values_list("pk", flat=True)[:MOST_EMPTIED]))
