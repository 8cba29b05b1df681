"""A run's one verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from labs import streams
from labs.models import Run
from labs.rules.results import has_passed
from labs.services.scoring import EvidenceFor, score_lab

STOPPED = "The run was stopped before it began."


@dataclass(frozen=True)
class Outcome:
    """A verdict of api.md with what the run left; `tests` is None where none were run."""

    verdict: str
    message: str = ""
    outputs: Sequence[dict[str, Any]] = ()
    tests: list[dict[str, Any]] | None = None


def finish_run(*, run: Run, outcome: Outcome, now: datetime, evidence_for: EvidenceFor | None = None) -> bool:
    """Write the verdict, unless the run has one or belongs to another claim by now. Watchers hear of it after the commit.

    Tests that were run go to the gradebook in the same transaction, if whoever finishes can show `evidence_for`.
    """
    passed = run.mode == Run.Mode.TEST and outcome.verdict == "succeeded" and has_passed(outcome.tests)
    with transaction.atomic():
        rows = Run.objects.filter(pk=run.pk, claim=run.claim).exclude(state=Run.State.FINISHED)
        is_ours = rows.update(
            state=Run.State.FINISHED,
            verdict=outcome.verdict,
            message=outcome.message,
            outputs=list(outcome.outputs),
            has_output=bool(outcome.outputs),
            tests=outcome.tests,
            has_passed=passed,
            finished_at=now,
            lease_until=None,
        )
        if is_ours and outcome.tests is not None and evidence_for is not None:
            score_lab(run=run, evidence_for=evidence_for, now=now)
    if is_ours:
        streams.append(run.pk, finished_event(run.claim, outcome.verdict, outcome.message, outcome.tests))
    return bool(is_ours)


def finished_event(claim: int, verdict: str, message: str, tests: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {"event": "finished", "claim": claim, "verdict": verdict, "message": message, "tests": tests}


def stop_run(*, learner: Any, run_id: str, now: datetime) -> Run:
    """End a queued run at once; ask the worker of a running one to. A finished one stays as it is.

    Raises Refusal not_found for a run that is not one's own.
    """
    run = Run.objects.filter(pk=run_id, learner=learner).first()
    if run is None:
        raise Refusal("not_found")
    if run.state == Run.State.QUEUED:
        finish_run(run=run, outcome=Outcome("stopped", STOPPED), now=now)
    Run.objects.filter(pk=run_id, state=Run.State.RUNNING).update(is_stopping=True)
    run.refresh_from_db()
    return run
