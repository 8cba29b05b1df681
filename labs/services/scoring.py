"""Record lab test runs in the gradebook, if the course's policy grades the lab."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from activities.registry import evidence_for
from grading.rules.lateness import LateTerms
from grading.selectors import late_terms_in, overridden_cells, terms_by_learner
from grading.selectors.rows import ledger, ledgers
from grading.services import (
    ActivityResult,
    Cause,
    GradeAction,
    OverrideOrder,
    ScoreEntry,
    carry_out,
    record_score,
)
from labs.models import Lab, Run
from labs.rules.results import JudgedRun, reached
from people.services import lock_enrollment

if TYPE_CHECKING:
    from grading.models import Override

type LabScoreKey = tuple[str, int, int]


def score_lab(*, run: Run, now: datetime) -> None:
    """Record the score after a test run. Call it in the transaction that writes the verdict."""
    assert run.lab is not None
    key = (run.lab.pk, run.learner_id, run.lab.course_id)
    record_lab_score(key, action=GradeAction(Cause.LAB_TESTS, now))


def record_lab_score(key: LabScoreKey, *, action: GradeAction) -> None:
    """Record a learner's score for a lab.

    Each run counts by the tests it ran, also for certified learners. So learners keep their points when a lab
    changes, and the certificate's basis does not list tests.
    """
    lab_id, learner_id, course_id = key
    lock_enrollment(learner_id=learner_id, course_id=course_id)
    before = ledger(learner_id, course_id)
    terms = late_terms_in(before, learner_id, course_id, lab_id)
    result = lab_result(lab_id, learner_id, terms) if before.row(lab_id) else None
    entry = ScoreEntry(learner_id, course_id, lab_id, result, before)
    record_score(entry, action, evidence_for(entry, action.now))


def has_lab(course_id: int, lab_id: str) -> bool:
    """Return whether a course has a lab, even a removed one."""
    return Lab.objects.filter(pk=lab_id, course=course_id).exists()


def has_lab_run(learner_id: int, course_id: int) -> bool:
    """Tell whether a learner has run code in a lab of a course."""
    return Run.objects.filter(learner_id=learner_id, lab__course_id=course_id).exists()


@transaction.atomic
def override_lab_score(order: OverrideOrder) -> "Override":
    """Give points in a lab in place of the earned ones, or make the earned points count again. Return the record in force.

    Raises Refusal not_found, points_invalid, nothing_to_undo, reason_missing.
    """
    key = (order.activity, order.learner_id, order.course.pk)
    return carry_out(order, follow=lambda action: record_lab_score(key, action=action))


def lab_result(lab_id: str, learner_id: int, terms: LateTerms | None) -> ActivityResult | None:
    """Return what the learner's test runs of the lab are worth, or None without any."""
    rows = Run.objects.filter(lab=lab_id, learner=learner_id, mode=Run.Mode.TEST, tests__isnull=False)
    results = rows.values_list("tests", "regraded", "created_at")
    return result_of((JudgedRun(regraded or tests or (), ordered_at) for tests, regraded, ordered_at in results), terms)


def result_of(runs: Iterable[JudgedRun], terms: LateTerms | None) -> ActivityResult | None:
    """Return what the results of a learner's test runs are worth, or None without any."""
    worth = reached(runs, terms)
    if worth is None:
        return None
    state = "in_progress" if worth.missing else "done"
    return ActivityResult(worth.earned, worth.possible, worth.possible, worth.missing, state, worth.late)


def lab_entries(lab: Lab, runs: Mapping[int, Collection[JudgedRun]]) -> list[ScoreEntry]:
    """Return what is to be recorded if these are the results that count of each learner's test runs, by learner."""
    before = ledgers(lab.course_id, list(runs))
    graded = {learner_id: learner_ledger for learner_id, learner_ledger in before.items() if learner_ledger.row(lab.pk)}
    terms = terms_by_learner(graded, lab.course_id, lab.pk)
    return [
        ScoreEntry(
            learner_id, lab.course_id, lab.pk, result_of(runs[learner_id], terms.get(learner_id)), learner_ledger
        )
        for learner_id, learner_ledger in graded.items()
    ]


def follow_lab_dates(*, course_id: int, lab_id: str, learner_id: int, action: GradeAction) -> None:
    """Update the gradebook after an instructor changed a learner's due date, if late test runs count less there (D34).

    Does nothing if the activity is not a lab, or if the learner has not begun it.
    """
    lab = Lab.objects.filter(pk=lab_id, course=course_id).select_related("module", "course").first()
    if lab is not None and lab.late_terms is not None and _tested(course_id=course_id, learners=[learner_id]):
        record_lab_score((lab_id, learner_id, course_id), action=action)


def late_terms_by_lab(lab_ids: Collection[str], learner_ids: Collection[int]) -> dict[tuple[str, int], LateTerms]:
    """Return the late terms of these learners in these labs, by lab and learner, if they have any."""
    by_lab: dict[tuple[str, int], LateTerms] = {}
    for lab in Lab.objects.filter(pk__in=lab_ids).only("course_id", "late"):
        if lab.late:
            terms = terms_by_learner(ledgers(lab.course_id, learner_ids), lab.course_id, lab.pk)
            by_lab |= {(lab.pk, learner_id): own_terms for learner_id, own_terms in terms.items()}
    return by_lab


def rescore_labs(*, course_id: int, action: GradeAction, learner_ids: Collection[int] | None = None) -> None:
    """Recompute the lab scores, of everyone or of these learners, after the course's policy or its labs changed."""
    for key in scored_labs(course_id=course_id, learners=learner_ids):
        record_lab_score(key, action=action)


def scored_labs(*, course_id: int | None, learners: Collection[int] | None = None) -> list[LabScoreKey]:
    """Return the cells of labs that have test runs or an override."""
    given = overridden_cells(learners, course_id)
    labs = dict(Lab.objects.filter(pk__in={activity for activity, _ in given}).values_list("pk", "course_id"))
    overridden_keys = [(lab, learner, labs[lab]) for lab, learner in given if lab in labs]
    return sorted({*_tested(course_id=course_id, learners=learners), *overridden_keys})


def _tested(*, course_id: int | None, learners: Collection[int] | None) -> list[LabScoreKey]:
    rows = Run.objects.filter(mode=Run.Mode.TEST, tests__isnull=False, lab__isnull=False)
    if course_id is not None:
        rows = rows.filter(lab__course=course_id)
    if learners is not None:
        rows = rows.filter(learner__in=learners)
    keys = rows.order_by("lab", "learner").values_list("lab_id", "learner_id", "lab__course_id").distinct()
    return [(str(lab), learner, course) for lab, learner, course in keys]
