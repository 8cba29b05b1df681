"""A worker's duties besides running code: report that it is alive, pass on Stops, close reset sessions, and look at the
runner hosts.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from labs import sandbox
from labs.models import Run, Worker
from labs.rules.heartbeats import FORGOTTEN
from labs.services.claiming import renew_leases
from labs.services.hosts import record_answer, record_silence
from labs.services.sessions import close_ended


def report_worker(*, worker: str, claims: Collection[str], now: datetime) -> None:
    """Record that the worker is alive and has these runs, and its runner's status for the health page."""
    status = _reachable() if settings.RUNNERS else sandbox.status(sandbox.HOST)
    Worker.objects.update_or_create(name=worker, defaults={"seen_at": now, "runner": status})
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
    renew_leases(claims=claims, worker=worker, now=now)


def pass_on_stops(*, claims: Collection[str]) -> None:
    """Ask the runner to end the runs that learners stopped, and close the sessions that they reset. Raises RunnerGone."""
    for run_id, host in Run.objects.filter(pk__in=claims, is_stopping=True).values_list("pk", "runner"):
        sandbox.stop_attempts(host, run_id)
    for host in sandbox.runner_names():
        if host not in sandbox.away:
            close_ended(hosts=[host])


def look_at_host(*, host: str, now: datetime) -> None:
    """Ask a host for its status, and record the answer or the silence for all workers."""
    status = sandbox.status(host)
    if "capacity" in status:
        record_answer(host=host, status=status, now=now)
    else:
        record_silence(host=host, problem=str(status["problem"]), now=now)


def _reachable() -> dict[str, object]:
    """Return, in the form of a runner's status, which hosts this worker reaches; their rows hold the rest."""
    away = sorted(sandbox.away.intersection(settings.RUNNERS))
    return {"ready": len(away) < len(settings.RUNNERS), "reasons": [f"no answer from {host}" for host in away]}
