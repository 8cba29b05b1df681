"""Runners on other machines, as the database knows them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from labs.models import Run, RunnerHost, Session


@dataclass(frozen=True)
class SeenHost:
    """A runner on another machine, as workers last saw it; `age` is the seconds since, None before the first look."""

    is_ready: bool
    is_lost: bool
    is_draining: bool
    reasons: list[str]
    runtimes: list[str]
    capacity: dict[str, int]
    age: float | None


def runner_hosts(now: datetime) -> dict[str, SeenHost]:
    """Return the runners on other machines by name. Runs one query if the settings name any."""
    if not settings.RUNNERS:
        return {}
    rows = {row.name: row for row in RunnerHost.objects.filter(name__in=settings.RUNNERS)}
    return {name: _seen_host(rows.get(name) or RunnerHost(name=name), now) for name in settings.RUNNERS}


def is_host_empty(host: str) -> bool:
    """Return whether all sessions and runs have left a host, so that it can stop without a loss."""
    runs = Run.objects.exclude(state=Run.State.FINISHED).filter(runner=host)
    return not runs.exists() and not Session.objects.filter(runner=host, ended_at=None).exists()


def _seen_host(row: RunnerHost, now: datetime) -> SeenHost:
    is_seen = row.seen_at is not None and (row.lost_at is None or not row.problem)
    return SeenHost(
        is_ready=is_seen and row.lost_at is None and bool(row.status.get("ready")),
        is_lost=row.lost_at is not None,
        is_draining=row.is_draining,
        reasons=row.status.get("reasons", []) if is_seen else [row.problem or "not seen yet"],
        runtimes=row.status.get("runtimes", []),
        capacity=row.status.get("capacity", {}),
        age=(now - row.seen_at).total_seconds() if row.seen_at else None,
    )
