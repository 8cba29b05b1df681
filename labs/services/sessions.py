"""Live sessions as database rows. The worker beside the runner opens and closes their processes."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from labs import sandbox
from labs.models import Run, Session

if TYPE_CHECKING:
    from course.models import User


def live_session(*, learner: "User", place: str, page: str = "", now: datetime) -> Session:
    """Return the session of an open page, creating it if necessary."""
    session, _ = Session.objects.get_or_create(
        learner=learner, place=place, page=page, ended_at=None, defaults={"opened_at": now}
    )
    return session


def end_session(*, learner: "User", place: str, page: str | None = None, now: datetime) -> None:
    """Reset sessions, so that the next run starts a new one. With `page` None, reset those of every page."""
    rows = Session.objects.filter(learner=learner, place=place, ended_at=None)
    if page is not None:
        rows = rows.filter(page__in=(page, f"{page}-tf1", f"{page}-tf2"))
    rows.update(ended_at=now)


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
    """Close reset sessions on these hosts. Return how many. Raises RunnerGone."""
    rows = Session.objects.filter(runner__in=hosts, ended_at__isnull=False)
    if learner_id is not None:
        rows = rows.filter(learner=learner_id)
    ended = list(rows.values_list("pk", "runner"))
    for session, host in ended:
        sandbox.close_session(host, session)
    Session.objects.filter(pk__in=[session for session, _ in ended]).update(runner="")
    return len(ended)


def ran_in(session: Session) -> set[str]:
    """Return the ids of the cells that ran to their end in the session's current process."""
    runs = session.runs.filter(verdict="succeeded", finished_at__gte=session.opened_at)
    return {cell["id"] for found in runs.values_list("cells", "silent") for cells in found for cell in cells}
