"""Keep each learner's runs within their share of the disk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from labs.models import OutputPage, Run
from labs.refusals import Refusal
from labs.rules.keeping import MOST_A_DAY, PageOfOutputs, too_old

DAY = timedelta(days=1)
BATCH = 500  # runs in one query


def keep_pages(*, run: Run, pages: Sequence[PageOfOutputs]) -> None:
    """Store the pages of a run's output after the first, which is on the run's row."""
    rows = [OutputPage(run=run, number=number, outputs=page.outputs) for number, page in enumerate(pages, 1)]
    OutputPage.objects.bulk_create(rows, batch_size=20)


def make_room(*, learner_id: int) -> int:
    """Empty the learner's oldest finished runs until the rest fits into their share. Return how many were emptied."""
    rows = Run.objects.filter(learner=learner_id, state=Run.State.FINISHED, size__gt=0).order_by("-created_at", "-pk")
    return empty_runs(too_old(rows.values_list("pk", "size")))


def empty_runs(run_ids: Sequence[str]) -> int:
    """Remove code and output; keep verdict, message and tests. Return how many runs were emptied."""
    for start in range(0, len(run_ids), BATCH):
        some = run_ids[start : start + BATCH]
        OutputPage.objects.filter(run__in=some).delete()
        Run.objects.filter(pk__in=some).update(cells=[], silent=[], outputs=[], size=0, has_output=False)
    return len(run_ids)


def refuse_too_many_runs(*, learner_id: int, now: datetime) -> None:
    """Refuse a learner who ordered MOST_A_DAY runs in the last 24 hours. Raises Refusal too_many_runs."""
    if Run.objects.filter(learner=learner_id, created_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise Refusal("too_many_runs", most=f"{MOST_A_DAY:,}")
