"""Keep each learner's runs within their share of the disk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from grading.selectors import graded_activities
from labs import streams
from labs.models import OutputPage, Run
from labs.refusals import Refusal
from labs.retests import counting_runs
from labs.rules.keeping import MOST_A_DAY, STREAMS_KEPT, PageOfOutputs, too_old
from labs.rules.queueing import MOST_QUEUED
from labs.services.scoring import late_terms_by_lab

DAY = timedelta(days=1)
BATCH = 500  # runs in one query


def keep_pages(*, run: Run, pages: Sequence[PageOfOutputs]) -> None:
    """Store the pages of a run's output after the first, which is on the run's row."""
    rows = [OutputPage(run=run, number=number, outputs=page.outputs) for number, page in enumerate(pages, 1)]
    OutputPage.objects.bulk_create(rows, batch_size=20)


def make_room(*, learner_id: int) -> int:
    """Empty the learner's oldest finished runs until the rest fits into their share. Return how many were emptied."""
    rows = Run.objects.filter(learner=learner_id, state=Run.State.FINISHED, size__gt=0).order_by("-created_at", "-pk")
    return clear_runs(too_old(rows.values_list("pk", "size")))


def drop_old_streams(*, learner_id: int, now: datetime) -> None:
    """Remove the live output of all but the learner's last STREAMS_KEPT finished runs.

    Otherwise one learner who prints much could fill Redis. Many queued runs may be stopped at the same instant, so more
    than one run is removed.
    """
    if streams.is_silent():
        return
    rows = Run.objects.filter(learner=learner_id, state=Run.State.FINISHED, created_at__gt=now - DAY)
    ended = rows.order_by("-finished_at", "-pk").values_list("pk", flat=True)
    streams.forget_streams(list(ended[STREAMS_KEPT : STREAMS_KEPT + MOST_QUEUED]))


def clear_runs(run_ids: Sequence[str]) -> int:
    """Empty these runs, but keep the code of those that count in a grade, so that a late regrade reaches them.

    Return how many lost their output.
    """
    counting = _counting(run_ids)
    empty_runs([run_id for run_id in run_ids if run_id not in counting])
    for run_id, (lab_id, learner_id) in counting.items():
        earlier = Run.objects.filter(lab=lab_id, learner=learner_id, mode=Run.Mode.TEST, size=0)
        earlier.exclude(pk=run_id).update(cells=[])
    _forget_outputs(list(counting))
    return len(run_ids)


def _counting(run_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return those of the runs from which the gradebook takes a learner's points in a lab, with lab and learner."""
    if not run_ids:
        return {}
    tested = Run.objects.filter(pk__in=run_ids, mode=Run.Mode.TEST, tests__isnull=False, lab__isnull=False)
    pairs = list(tested.values_list("lab_id", "learner_id"))
    graded = graded_activities({lab_id for lab_id, _ in pairs})
    learners = {learner_id for lab_id, learner_id in pairs if lab_id in graded}
    best = counting_runs(graded, learners, late_terms_by_lab(graded, learners)) if learners else {}
    among = set(run_ids)
    return {run_id: key for key, run_id in best.items() if run_id in among}


def empty_runs(run_ids: Sequence[str]) -> int:
    """Remove code and output; keep verdict, message and tests. Return how many runs were emptied."""
    for start in range(0, len(run_ids), BATCH):
        Run.objects.filter(pk__in=run_ids[start : start + BATCH]).update(cells=[])
    return _forget_outputs(run_ids)


def _forget_outputs(run_ids: Sequence[str]) -> int:
    for start in range(0, len(run_ids), BATCH):
        some = run_ids[start : start + BATCH]
        OutputPage.objects.filter(run__in=some).delete()
        Run.objects.filter(pk__in=some).update(silent=[], outputs=[], size=0, has_output=False)
    return len(run_ids)


def refuse_too_many_runs(*, learner_id: int, now: datetime) -> None:
    """Refuse a learner who ordered MOST_A_DAY runs in the last 24 hours. Raises Refusal too_many_runs."""
    if Run.objects.filter(learner=learner_id, created_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise Refusal("too_many_runs", most=f"{MOST_A_DAY:,}")
