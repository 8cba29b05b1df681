"""Live sessions as database rows. The worker beside the runner opens and closes their processes."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from labs import sandbox
from labs.models import Run, Session
from labs.services.finishing import RunOutcome, finish_run

if TYPE_CHECKING:
    from accounts.models import User


ENDED = RunOutcome("stopped", "The run was stopped, because its session was restarted.")


def live_session(*, learner: "User", place_id: str, page: str = "", now: datetime) -> Session:
    """Return the session of an open page, creating it if necessary."""
    session, _ = Session.objects.get_or_create(
        learner=learner, place=place_id, page=page, ended_at=None, defaults={"opened_at": now}
    )
    return session


@transaction.atomic
def end_session(*, learner: "User", place_id: str, page: str | None = None, now: datetime) -> None:
    """Reset sessions, so that the next run starts a new one, and stop their unfinished runs.

    With `page` None, reset those of every page.
    """
    rows = Session.objects.filter(learner=learner, place=place_id, ended_at=None)
    if page is not None:
        rows = rows.filter(page__in=(page, f"{page}-tf1", f"{page}-tf2"))
    ended = list(rows.values_list("pk", flat=True))
    rows.update(ended_at=now)
    runs = Run.objects.filter(session__in=ended)
    runs.filter(state=Run.State.RUNNING).update(is_stopping=True)
    waiting = list(runs.filter(state=Run.State.QUEUED))
    transaction.on_commit(lambda: _stop_waiting(waiting, now))  # a worker that takes one before finds the session ended


def _stop_waiting(runs: Collection[Run], now: datetime) -> None:
    for run in runs:
        finish_run(run=run, outcome=ENDED, now=now)


def has_ended(session: Session) -> bool:
    """Return whether the session has been reset since it was read."""
    return not Session.objects.filter(pk=session.pk, ended_at=None).exists()


def open_again(*, session: Session, run: Run, now: datetime) -> None:
    """Open the session's process on the run's host. Variables of an earlier process are lost. Raises Refused, RunnerGone."""
    close_ended(learner_id=session.learner_id, hosts=[run.runner])
    if settings.RUNNERS and session.runner != run.runner:
        sandbox.close_session(run.runner, session.pk)  # a process from before this host was lost and came back
    owner = str(session.learner_id)
    sandbox.open_session(run.runner, session.pk, owner=owner, runtime=run.runtime, limits=run.limits)
    session.runner, session.opened_at, session.placed = run.runner, now, {}
    session.save(update_fields=["runner", "opened_at", "placed"])


def close_ended(*, hosts: Collection[str], learner_id: int | None = None) -> int:
    """Close reset sessions on these hosts. Return how many. Raises RunnerGone.

    A run that still goes on in one is stopped first. Otherwise it would fail, because its process was killed.
    """
    rows = Session.objects.filter(runner__in=hosts, ended_at__isnull=False)
    if learner_id is not None:
        rows = rows.filter(learner=learner_id)
    ended = list(rows.values_list("pk", "runner"))
    pks = [session for session, _ in ended]
    going = Run.objects.filter(session__in=pks, state=Run.State.RUNNING)
    for run_id, host in going.values_list("pk", "runner"):
        sandbox.stop_attempts(host, run_id)
    for session, host in ended:
        sandbox.close_session(host, session)
    Session.objects.filter(pk__in=pks).update(runner="")
    return len(ended)


def ran_in(session: Session) -> set[str]:
    """Return the ids of the cells that ran to their end in the session's current process."""
    runs = session.runs.filter(verdict="succeeded", finished_at__gte=session.opened_at)
    return {cell["id"] for columns in runs.values_list("cells", "silent") for cells in columns for cell in cells}
