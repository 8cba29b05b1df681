"""A worker's duties besides running code: report that it is alive, pass on Stops, close reset sessions."""

from collections.abc import Collection
from datetime import datetime

from labs import sandbox
from labs.models import Run, Worker
from labs.rules.heartbeats import FORGOTTEN
from labs.services.claiming import renew_leases
from labs.services.sessions import close_ended


def report_worker(*, worker: str, claims: Collection[str], now: datetime) -> None:
    """Record that the worker is alive and has these runs, and its runner's status for the health page."""
    found = sandbox.status()
    Worker.objects.update_or_create(name=worker, defaults={"seen_at": now, "runner": found})
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
    renew_leases(claims=claims, worker=worker, now=now)


def pass_on_stops(*, claims: Collection[str]) -> None:
    """Ask the runner to end the runs that learners stopped, and close the sessions that they reset. Raises RunnerGone."""
    for run_id in Run.objects.filter(pk__in=claims, is_stopping=True).values_list("pk", flat=True):
        sandbox.stop_attempts(run_id)
    close_ended()
