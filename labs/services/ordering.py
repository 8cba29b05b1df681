"""Queue runs: write a row, then send a message that wakes a worker."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from course.rules.schedule import refuse_before_opening, refuse_outside
from foundation.tracing import trace_here
from labs.lab_dates import lab_dates_of
from labs.models import Lab, Run
from labs.queue import wake_workers
from labs.refusals import Refusal
from labs.rules.keeping import size_of
from labs.rules.limits import WALL_SECONDS, runner_limits, wall_seconds
from labs.rules.listings import prerequisites
from labs.rules.queueing import MOST_QUEUED, queue_for
from labs.services.drafting import refuse_foreign_cells
from labs.services.keeping import make_room, refuse_too_many_runs
from labs.services.sessions import end_session, live_session
from people.access import refuse_archived_by_now, refuse_unless_enrolled, refuse_unless_working
from people.selectors import enrollments_of
from people.services import lock_enrollment

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Lesson

type CellSources = list[dict[str, str]]

MOST_SEED = 2**31 - 1
TEST_SUFFIX = ":test"  # makes the id of a hidden test's cell from the id of its listing, which cannot contain a colon


@transaction.atomic
def order_lab_run(
    *, learner: "User", lab: Lab, cells: CellSources, mode: str, cell: str | None = None, now: datetime
) -> Run:
    """Queue one cell or all cells in the lab's live session, or all in a fresh process with the lab's tests.

    `cells` are the lab's with the learner's current sources. Mode "all" starts a new session, so that every variable is
    built again from the beginning. Tests run only until the module closes. Raises Refusal cell_unknown, lab_untested,
    lab_queue_full, too_many_runs, not_enrolled, preview_only, course_archived, module_not_open, module_closed.
    """
    refuse_unless_working(learner, lab.course)
    lock_enrollment(learner_id=learner.pk, course_id=lab.course_id)
    refuse_archived_by_now(lab.course_id)
    dates = lab_dates_of(lab, learner.pk) if mode == Run.Mode.TEST or lab.dates_vary else lab.dates
    closes_at = dates.closes_at if mode == Run.Mode.TEST else None
    refuse_outside("module", opens_at=dates.opens_at, closes_at=closes_at, now=now)
    refuse_foreign_cells(lab, cells)
    if mode == Run.Mode.TEST and not lab.tests:
        raise Refusal("lab_untested")
    chosen = [lab_cell for lab_cell in cells if lab_cell["id"] == cell] if mode == Run.Mode.CELL else cells
    if not chosen:
        raise Refusal("cell_unknown")
    place_id, session = f"lab:{lab.pk}", None
    if mode == Run.Mode.ALL:
        end_session(learner=learner, place_id=place_id, now=now)
    if mode != Run.Mode.TEST:
        session = live_session(learner=learner, place_id=place_id, now=now)
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
def order_free_run(*, learner: "User", code: str, runtime: str, now: datetime) -> Run:
    """Queue code in a fresh process, for anyone who is enrolled in some course.

    Raises Refusal not_enrolled, lab_queue_full, too_many_runs.
    """
    refuse_unless_enrolled(enrollments_of(learner).first())
    cells = [{"id": "code", "source": code}]
    queue = queue_for(WALL_SECONDS)
    return _queue(learner=learner, mode=Run.Mode.FREE, runtime=runtime, cells=cells, queue=queue, created_at=now)


@transaction.atomic
def order_listing_run(
    *,
    learner: "User",
    lesson: "Lesson",
    listing: str,
    source: str | None = None,
    page: str,
    check: bool = False,
    now: datetime,
) -> Run:
    """Queue a lesson's listing, edited or not, in the session of the open page.

    Listings that it depends on run silently first, if they have not run yet. With `check`, all of them run in a fresh
    process and the listing's hidden test follows, so the run succeeds only if the test passes. Raises Refusal
    listing_unknown, listing_untested, lab_queue_full, too_many_runs, not_enrolled, preview_only, course_archived, module_not_open.
    """
    refuse_unless_working(learner, lesson.module.course)
    refuse_before_opening("module", opens_at=lesson.opens_at, now=now)
    chosen = next((entry for entry in lesson.listings if entry["id"] == listing and entry["run"]), None)
    if chosen is None:
        raise Refusal("listing_unknown")
    runtime = "tf2" if chosen["runtime"] == "both" else chosen["runtime"]
    cells, session = [{"id": listing, "source": chosen["source"] if source is None else source}], None
    if check:
        if not chosen.get("test"):
            raise Refusal("listing_untested")
        cells.append({"id": f"{listing}{TEST_SUFFIX}", "source": chosen["test"]})
    else:
        session = live_session(learner=learner, place_id=f"lesson:{lesson.pk}", page=f"{page}-{runtime}", now=now)
    return _queue(
        learner=learner,
        session=session,
        mode=Run.Mode.LISTING,
        runtime=runtime,
        silent=prerequisites(lesson.listings, listing),
        cells=cells,
        queue=queue_for(WALL_SECONDS),
        created_at=now,
    )


def _queue(*, learner: "User", **values: Any) -> Run:
    waiting = Run.objects.filter(learner=learner, state=Run.State.QUEUED).count()
    if waiting >= MOST_QUEUED:
        raise Refusal("lab_queue_full")
    refuse_too_many_runs(learner_id=learner.pk, now=values["created_at"])
    make_room(learner_id=learner.pk)
    size = size_of(values["cells"]) + size_of(values.get("silent", []))
    run = Run.objects.create(learner=learner, size=size, trace=trace_here(), **values)
    wake_workers(run.queue, run.session.runner if run.session else "")
    return run
