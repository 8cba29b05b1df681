"""Runs into the queue: a row, then a message to wake a worker."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from course.selectors import enrollments_of
from labs.models import Lab, Run
from labs.queue import wake_workers
from labs.rules.limits import WALL_SECONDS, runner_limits, wall_seconds
from labs.rules.listings import prerequisites
from labs.rules.queueing import MOST_QUEUED, queue_for
from labs.services.drafting import refuse_foreign_cells, refuse_stranger
from labs.services.sessions import end_session, live_session

type Cells = list[dict[str, str]]

MOST_SEED = 2**31 - 1


@transaction.atomic
def order_lab_run(*, learner: Any, lab: Lab, cells: Cells, mode: str, cell: str | None = None, now: datetime) -> Run:
    """Queue one cell or all cells in the lab's live session, or all in a fresh process with the lab's tests.

    `cells` are the lab's as the learner has them now. "all" begins a new session, so that it rebuilds what is
    there from nothing. Raises Refusal cell_unknown, lab_queue_full, not_enrolled, preview_only.
    """
    refuse_stranger(learner, lab.course_id)
    refuse_foreign_cells(lab, cells)
    chosen = [each for each in cells if each["id"] == cell] if mode == Run.Mode.CELL else cells
    if not chosen:
        raise Refusal("cell_unknown")
    place, session = f"lab:{lab.pk}", None
    if mode == Run.Mode.ALL:
        end_session(learner=learner, place=place, now=now)
    if mode != Run.Mode.TEST:
        session = live_session(learner=learner, place=place, now=now)
    return _queue(
        learner=learner,
        lab=lab,
        session=session,
        mode=mode,
        runtime=lab.runtime,
        cells=chosen,
        limits=runner_limits(lab.limits),
        queue=queue_for(wall_seconds(lab.limits)),
        seed=secrets.randbelow(MOST_SEED),
        created_at=now,
    )


@transaction.atomic
def order_free_run(*, learner: Any, code: str, runtime: str, now: datetime) -> Run:
    """Queue code in a fresh process, for whoever is enrolled in anything. Raises Refusal not_enrolled, lab_queue_full."""
    if not enrollments_of(learner).exists():
        raise Refusal("not_enrolled")
    cells = [{"id": "code", "source": code}]
    queue = queue_for(WALL_SECONDS)
    return _queue(learner=learner, mode=Run.Mode.FREE, runtime=runtime, cells=cells, queue=queue, created_at=now)


@transaction.atomic
def order_listing_run(
    *, learner: Any, lesson: Any, listing: str, source: str | None = None, page: str, now: datetime
) -> Run:
    """Queue a lesson's listing, edited or as it stands, in the session that the open page shares.

    What the listing needs to have run before runs silently first, where it has not. Raises Refusal
    listing_unknown, lab_queue_full, not_enrolled, preview_only.
    """
    refuse_stranger(learner, lesson.module.course_id)
    found = next((each for each in lesson.listings if each["id"] == listing and each["run"]), None)
    if found is None:
        raise Refusal("listing_unknown")
    runtime = "tf2" if found["runtime"] == "both" else found["runtime"]
    return _queue(
        learner=learner,
        session=live_session(learner=learner, place=f"lesson:{lesson.pk}", page=f"{page}-{runtime}", now=now),
        mode=Run.Mode.LISTING,
        runtime=runtime,
        silent=prerequisites(lesson.listings, listing),
        cells=[{"id": listing, "source": found["source"] if source is None else source}],
        queue=queue_for(WALL_SECONDS),
        created_at=now,
    )


def _queue(*, learner: Any, **facts: Any) -> Run:
    waiting = Run.objects.filter(learner=learner, state=Run.State.QUEUED).count()
    if waiting >= MOST_QUEUED:
        raise Refusal("lab_queue_full")
    run = Run.objects.create(learner=learner, **facts)
    wake_workers(run.queue)
    return run
