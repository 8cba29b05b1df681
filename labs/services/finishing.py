"""Store a run's verdict, exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from foundation.metrics import RUN_TIME, RUNS
from labs.models import Run
from labs.rules.keeping import in_pages
from labs.rules.regrading import judging_digest
from labs.rules.results import have_all_passed
from labs.selectors import run_of
from labs.services.keeping import drop_old_streams, keep_pages, make_room
from labs.services.scoring import score_lab
from labs.services.watchers import tell_watchers
from people.services import lock_enrollment

if TYPE_CHECKING:
    from accounts.models import User

STOPPED = "The run was stopped before it began."


@dataclass(frozen=True)
class RunOutcome:
    """A verdict from docs/api.md and the output of the run; `tests` is None if the tests were not run."""

    verdict: str
    message: str = ""
    outputs: Sequence[dict[str, Any]] = ()
    tests: list[dict[str, Any]] | None = None


def finish_run(*, run: Run, outcome: RunOutcome, now: datetime) -> bool:
    """Store the verdict, unless the run already has one or another worker has claimed it.

    Watchers are told after the commit.

    If a lab's tests were run, the gradebook is updated in the same transaction. The learner's enrollment is then locked
    before the run: an erasure and an order lock them in this order, too.
    """
    passed = run.mode == Run.Mode.TEST and outcome.verdict == "succeeded" and have_all_passed(outcome.tests)
    pages = in_pages(outcome.outputs)
    with transaction.atomic():
        if outcome.tests is not None and run.lab is not None:
            lock_enrollment(learner_id=run.learner_id, course_id=run.lab.course_id)
        rows = Run.objects.filter(pk=run.pk, claim=run.claim).exclude(state=Run.State.FINISHED)
        is_ours = rows.update(
            state=Run.State.FINISHED,
            verdict=outcome.verdict,
            message=outcome.message,
            outputs=pages[0].outputs if pages else [],
            has_output=bool(pages),
            size=F("size") + sum(page.size for page in pages),
            tests=outcome.tests,
            judged_by=judge_of(run) if outcome.tests is not None else "",
            has_passed=passed,
            finished_at=now,
            lease_until=None,
        )
        if not is_ours:
            return False
        keep_pages(run=run, pages=pages[1:])
        if outcome.tests is not None:
            score_lab(run=run, now=now)
        make_room(learner_id=run.learner_id)
    count_run(run, outcome.verdict, now)
    tell_watchers(run=run, event=finished_event(run.claim, outcome.verdict, outcome.message, outcome.tests))
    drop_old_streams(learner_id=run.learner_id, now=now)
    return True


def judge_of(run: Run) -> str:
    """Return the digest of the probes that judged a run: those of its lab when a worker claimed it."""
    return judging_digest(run.lab.probes, run.lab.files) if run.lab is not None else ""


def count_run(run: Run, verdict: str, now: datetime) -> None:
    RUNS.labels(run.mode, verdict).inc()
    if run.started_at is not None:
        RUN_TIME.labels(run.queue).observe((now - run.started_at).total_seconds())


def finished_event(claim: int, verdict: str, message: str, tests: list[dict[str, Any]] | None) -> dict[str, object]:
    """Return the last event of a run's stream."""
    return {"event": "finished", "claim": claim, "verdict": verdict, "message": message, "tests": tests}


def stop_run(*, learner: "User", run_id: str, now: datetime) -> Run:
    """End a queued run at once, or ask the worker of a running one to end it. A finished run does not change.

    The run is returned without its output, which may be long. Raises Refusal not_found unless it is the learner's own
    run.
    """
    run = run_of(learner.pk, run_id)
    if run.state == Run.State.QUEUED:
        finish_run(run=run, outcome=RunOutcome("stopped", STOPPED), now=now)
    Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(is_stopping=True)
    run = run_of(learner.pk, run_id)
    run.outputs = []
    return run
