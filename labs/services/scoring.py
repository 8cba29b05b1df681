"""From a lab's test runs to the gradebook. Whether a lab is graded, the course's policy says: else nothing happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from course.services import lock_enrollment
from grading.rules.standing import overridden
from grading.selectors import ledger
from grading.services import Evidence, Standing, record_score
from labs.models import Run
from labs.rules.results import reached

type EvidenceFor = Callable[[int, int, datetime], Evidence]
type Key = tuple[str, int, int]

CAUSE = "lab tests"


def score_lab(*, run: Run, evidence_for: EvidenceFor, now: datetime) -> None:
    """After a test run; belongs into the transaction that wrote its verdict."""
    assert run.lab is not None
    key = (run.lab.pk, run.learner_id, run.lab.course_id)
    record(key, evidence_for=evidence_for, cause=CAUSE, now=now)


def record(key: Key, *, evidence_for: EvidenceFor, cause: str, now: datetime) -> None:
    """The tests of the best run count as they were then, also for a certified learner: so nothing that was reached is
    lost when a lab changes, and the certificate's basis needs no list of tests."""
    lab_id, learner_id, course_id = key
    lock_enrollment(learner_id=learner_id, course_id=course_id)
    record_score(
        activity=lab_id,
        learner_id=learner_id,
        course_id=course_id,
        standing=lambda _basis: standing_in(lab_id, learner_id),
        cause=cause,
        now=now,
        evidence=evidence_for(learner_id, course_id, now),
    )


def standing_in(lab_id: str, learner_id: int) -> Standing | None:
    rows = Run.objects.filter(lab=lab_id, learner=learner_id, mode=Run.Mode.TEST, tests__isnull=False)
    found = reached(tests or () for tests in rows.values_list("tests", flat=True))
    if found is None:
        return None
    state = "in_progress" if found.missing else "done"
    return Standing(found.earned, found.possible, found.possible, found.missing, state)


def rescore_labs(*, course_id: int, evidence_for: EvidenceFor, cause: str, now: datetime) -> None:
    """After the course's policy or its labs changed."""
    for key in _tested(course_id):
        record(key, evidence_for=evidence_for, cause=cause, now=now)


def _tested(course_id: int | None) -> list[Key]:
    rows = Run.objects.filter(mode=Run.Mode.TEST, tests__isnull=False, lab__isnull=False)
    if course_id is not None:
        rows = rows.filter(lab__course=course_id)
    keys = rows.order_by("lab", "learner").values_list("lab_id", "learner_id", "lab__course_id").distinct()
    return [(str(lab), learner, course) for lab, learner, course in keys]


@dataclass(frozen=True)
class RecomputedLab:
    """What the test runs of a learner make of a graded lab."""

    activity: str
    learner_id: int
    standing: Standing


def recomputed_lab_scores(*, course_id: int | None = None) -> Iterator[RecomputedLab]:
    """Every lab score as the records make it, to compare with what is stored (I7)."""
    for lab_id, learner_id, course in _tested(course_id):
        row = ledger(learner_id, course).row(lab_id)
        standing = standing_in(lab_id, learner_id)
        if row is not None and standing is not None:
            yield RecomputedLab(lab_id, learner_id, overridden(standing, row.override))
