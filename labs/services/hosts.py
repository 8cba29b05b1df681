"""Runner hosts: what workers see of them, which of them takes a run, and how runs leave a host that is lost."""

import sys
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from labs import sandbox
from labs.models import Run, RunnerHost, Session, Worker
from labs.queue import send_to_queue
from labs.refusals import Refusal
from labs.rules.heartbeats import ALIVE
from labs.rules.hosts import SILENCE, START, OpenHost
from labs.rules.queueing import QUEUES
from labs.services.finishing import RunOutcome, finish_run
from labs.services.watchers import tell_watchers

RUNTIMES = ("tf1", "tf2")  # of a runner that does not say
LOST = (
    "The machine that ran this code was lost. Your code and everything you saved are safe. Run it again: it starts in a "
    "new session, without the variables of the old one."
)


def open_hosts(running: Counter[str]) -> dict[str, OpenHost]:
    """Return the hosts that answer, by name; `running` counts the runs on each. Runs at most one query.

    Without runners on other machines, there is the one here, which is asked only when a run starts.
    """
    if not settings.RUNNERS:
        return {sandbox.HOST: OpenHost(sandbox.HOST, RUNTIMES, sys.maxsize, 0)}
    rows = RunnerHost.objects.filter(name__in=settings.RUNNERS, lost_at=None, seen_at__isnull=False)
    return {
        row.name: _open_host(row, running[row.name])
        for row in rows
        if row.status.get("ready") and row.name not in sandbox.away
    }


def has_ready_runner(runtime: str, now: datetime) -> bool:
    """Return whether a worker is alive with a runner for this runtime, also if the runner is full just now."""
    alive = Worker.objects.filter(seen_at__gt=now - ALIVE).values_list("runner", flat=True)
    ready = [status for status in alive if status.get("ready")]
    if settings.RUNNERS:
        return bool(ready) and any(runtime in host.runtimes for host in open_hosts(Counter()).values())
    return any(runtime in status.get("runtimes", RUNTIMES) for status in ready)


def _open_host(row: RunnerHost, running: int) -> OpenHost:
    capacity = row.status["capacity"]
    return OpenHost(
        name=row.name,
        runtimes=row.status.get("runtimes", RUNTIMES),  # a runner of an earlier version offers both
        slots=capacity["runs"],
        running=running,
        free_sessions=1 - capacity["open_sessions"] / max(capacity["sessions"], 1),
        memory=capacity["memory_available"],
        is_draining=row.is_draining,
    )


def is_draining(host: str) -> bool:
    return bool(settings.RUNNERS) and RunnerHost.objects.filter(name=host, is_draining=True).exists()


def record_answer(*, host: str, status: dict[str, Any], now: datetime) -> None:
    """Record what a host answered. Wake workers if this one could not reach it, or if it was lost.

    A host that answers and refuses code has just started, without its old sessions, or its self-test has failed. It is
    lost after START, and comes back once it accepts code.
    """
    was = RunnerHost.objects.filter(name=host).values_list("lost_at", "status").first()
    is_ready = bool(status.get("ready"))
    ready = {"unready_at": None, "lost_at": None} if is_ready else {}
    RunnerHost.objects.update_or_create(name=host, defaults={"status": status, "problem": "", "seen_at": now, **ready})
    rows = RunnerHost.objects.filter(name=host)
    if not is_ready:
        rows.filter(unready_at=None).update(unready_at=now)
        _lose(rows.filter(unready_at__lt=now - START), now)
    came_back = was is None or (is_ready and was[0] is not None) or was[1].get("ready") != status.get("ready")
    if came_back or host in sandbox.away:
        sandbox.away.discard(host)
        _wake_all()


def record_silence(*, host: str, problem: str, now: datetime) -> None:
    """Record that a host did not answer. It is lost once all workers have waited SILENCE for an answer."""
    sandbox.away.add(host)
    RunnerHost.objects.get_or_create(name=host)
    rows = RunnerHost.objects.filter(name=host)
    rows.update(problem=problem)
    _lose(rows.filter(Q(seen_at=None) | Q(seen_at__lt=now - SILENCE)), now)


def _lose(rows: QuerySet[RunnerHost], now: datetime) -> None:
    """Give these hosts up, unless they are lost already."""
    if rows.filter(lost_at=None).update(lost_at=now):
        leave_lost_hosts(now=now)
        _wake_all()


def leave_lost_hosts(*, now: datetime) -> None:
    """Let sessions and runs leave the hosts that are lost or that the setting does not name any more.

    A run in a session cannot go on elsewhere, because its variables are gone: it ends, and its cells are not replayed. A run in
    a fresh process starts again on another host.
    """
    if not settings.RUNNERS:
        return
    kept = ["", *RunnerHost.objects.filter(name__in=settings.RUNNERS, lost_at=None).values_list("name", flat=True)]
    begun = Run.objects.filter(state=Run.State.QUEUED).exclude(runner__in=kept)
    for run in begun.filter(session__isnull=False).select_related("lab"):
        end_lost(run=run, now=now)
    begun.filter(session=None).update(runner="")
    Session.objects.exclude(runner__in=kept).update(runner="")


def end_lost(*, run: Run, now: datetime) -> None:
    """End a run whose session's process is gone. Its page learns that the session starts anew."""
    tell_watchers(run=run, event={"event": "session", "state": "lost"})
    finish_run(run=run, outcome=RunOutcome("broken", LOST), now=now)


def drain_host(*, host: str) -> None:
    """Keep new sessions and runs away from a host. Its sessions go on until they end. Raises Refusal not_found."""
    _set_draining(host, value=True)


def move_sessions(*, host: str) -> int:
    """Let the sessions of a draining host go on elsewhere, except those in which a run has begun. Return how many.

    A session that moves starts anew with its next run, and its page says so.
    """
    begun = Run.objects.exclude(state=Run.State.FINISHED).exclude(runner="").filter(session=OuterRef("pk"))
    return Session.objects.filter(~Exists(begun), runner=host, ended_at=None).update(runner="")


def resume_host(*, host: str) -> None:
    """Use a host again. Raises Refusal not_found."""
    _set_draining(host, value=False)
    _wake_all()


def _set_draining(host: str, *, value: bool) -> None:
    if host not in settings.RUNNERS:
        raise Refusal("not_found")
    RunnerHost.objects.update_or_create(name=host, defaults={"is_draining": value})


def _wake_all() -> None:
    for queue in QUEUES:
        send_to_queue(queue)
