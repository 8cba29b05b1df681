"""Recompute what was recorded of labs: grades are a pure function of the records (I7, I8)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from activities.kinds import Recomputation, RecomputedScore, RecomputedWorth
from grading.rules.activity_results import ActivityWorth, overridden
from grading.selectors import late_terms_in
from grading.selectors.rows import ledger
from labs.models import Lab, Run
from labs.retests import counted_runs, regrades_in_force
from labs.selectors import lab_activities
from labs.services.scoring import lab_result, scored_labs


def recomputed_lab_worths(course_id: int) -> dict[str, RecomputedWorth]:
    """Return what each lab of a course is worth, by id. Runs one query."""
    return {lab.id: RecomputedWorth(ActivityWorth(lab.winnable), lab.late) for lab in lab_activities(course_id)}


def recomputed_lab_scores(learners: Sequence[int], course_id: int | None, now: datetime) -> Iterator[RecomputedScore]:
    """Yield each lab score of these learners from test runs and overrides only, whatever the time is."""
    for lab_id, learner_id, course in scored_labs(course_id=course_id, learners=learners):
        cells = ledger(learner_id, course)
        row = cells.row(lab_id)
        if row is None:
            yield RecomputedScore(lab_id, learner_id, None)
            continue
        result = lab_result(lab_id, learner_id, late_terms_in(cells, learner_id, course, lab_id))
        if row.override is not None:
            result = result or row.unbegun
        if result is not None:
            yield RecomputedScore(lab_id, learner_id, overridden(result, row.override))


def run_problems(course_id: int | None) -> Iterator[str]:
    """Yield a sentence for each test run whose results that count are not those of the regrades in force."""
    changed = Run.objects.filter(regraded__isnull=False).values("lab")
    labs = Lab.objects.filter(pk__in=changed) | Lab.objects.filter(retests__regrades__isnull=False)
    if course_id is not None:
        labs = labs.filter(course=course_id)
    for lab_id in labs.distinct().order_by("pk").values_list("pk", flat=True):
        for run in counted_runs(lab_id, regrades_in_force(lab_id)):
            if run.is_moved:
                yield f"run {run.id}: the results that count are not those of the regrades in force"


LAB_RECOMPUTATION = Recomputation(recomputed_lab_worths, recomputed_lab_scores, run_problems)
