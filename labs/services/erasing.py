"""What labs forget of an erased person: code, output and files. That a test passed, and its points, stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from labs import streams
from labs.models import DrawnCharts, LabDraft, LabFile, LeftFile, RetestedRun, Run, Session, Tryout
from labs.rules.results import Rows
from labs.services.finishing import STOPPED
from labs.services.keeping import empty_runs

OWN = (Session, LabDraft, LabFile, LeftFile, DrawnCharts)
SCORED = ("id", "name", "verdict", "points")  # of a test's result; the rest may quote the learner's code


@transaction.atomic
def erase_lab_work(*, learner_id: int, now: datetime) -> None:
    """Delete a learner's code, output and files in every lab. Verdicts and points stay, because grades follow from them."""
    runs = Run.objects.filter(learner=learner_id)
    # A worker that still executes such a run is asked to stop it. It loses its claim, so it cannot store anything any more.
    runs.exclude(state=Run.State.FINISHED).update(
        state=Run.State.FINISHED,
        verdict="stopped",
        message=STOPPED,
        finished_at=now,
        lease_until=None,
        is_stopping=True,
        claim=F("claim") + 1,
    )
    for model in OWN:
        model.objects.filter(learner=learner_id).delete()
    Tryout.objects.filter(author=learner_id).delete()
    run_ids = list(runs.values_list("pk", flat=True))
    empty_runs(run_ids)
    runs.update(message="")
    for run in runs.exclude(tests__isnull=True).only("pk", "tests", "regraded").iterator(500):
        stored = {"tests": run.tests, "regraded": run.regraded}
        kept = {column: without_messages(rows) for column, rows in stored.items()}
        if kept != stored:
            Run.objects.filter(pk=run.pk).update(**kept)
    for again in RetestedRun.objects.filter(run__in=run_ids, tests__isnull=False):
        again.tests = without_messages(again.tests)
        again.save(update_fields=["tests"])
    transaction.on_commit(lambda: streams.forget_streams(run_ids))


def without_messages(rows: Rows | None) -> Rows | None:
    """Return of each test's result only what its points follow from."""
    return None if rows is None else [{name: row[name] for name in SCORED if name in row} for row in rows]
