"""The late terms of sittings: those of the gradebook's item, with the learner's own later due date (D34)."""

from collections.abc import Mapping
from datetime import datetime

from course.rules.schedule import UNDATED
from course.selectors import extended_dates, own_due_dates
from grading.rules.lateness import LateTerms
from grading.rules.ledger import Ledger
from grading.selectors import late_terms_of
from quizzes.models import Assessment, Sitting
from quizzes.rules.lateness import IN_TIME, Lateness


def lateness_of(terms: LateTerms | None, kind: str, started_at: datetime | None) -> Lateness:
    """Return the lateness of a sitting, or of one that has not begun."""
    if terms is None:
        return IN_TIME
    return Lateness(terms, started_at if kind == Assessment.Kind.EXAM else None)


def late_terms_in(cells: Ledger, learner_id: int, course_id: int, activity: str) -> LateTerms | None:
    """Return a learner's late terms in an activity. Runs one query if it has a late policy, else none."""
    row = cells.row(activity)
    return with_own_due(row and row.late_terms, learner_id, course_id, activity)


def with_own_due(terms: LateTerms | None, learner_id: int, course_id: int, activity: str) -> LateTerms | None:
    """Return late terms with the learner's own due date. Runs one query if there are any, else none."""
    if terms is None:
        return None
    return terms.extended(extended_dates(learner_id, course_id).get(activity, UNDATED).due_at)


def terms_by_learner(cells: Mapping[int, Ledger], course_id: int, activity: str) -> dict[int, LateTerms]:
    """Return the late terms of many learners, without those who have none. Runs one query if anyone has, else none."""
    rows = {learner_id: found.row(activity) for learner_id, found in cells.items()}
    terms = {learner_id: row.late_terms for learner_id, row in rows.items() if row and row.late_terms}
    own = own_due_dates(course_id, activity) if terms else {}
    return {learner_id: each.extended(own.get(learner_id)) for learner_id, each in terms.items()}


def sitting_lateness(sitting: Sitting, cells: Ledger) -> Lateness:
    """Return the lateness of a sitting whose assessment is loaded. Runs one query if it has a late policy, else none."""
    assessment = sitting.assessment
    terms = late_terms_in(cells, sitting.learner_id, assessment.course_id, assessment.pk)
    return lateness_of(terms, assessment.kind, sitting.started_at)


def lateness_for(assessment: Assessment, learner_id: int | None, sitting: Sitting | None) -> Lateness:
    """Return the lateness of a learner's sitting, of one that has not begun, or, for a preview, of everyone's.

    Runs three queries; none if the assessment has no late policy.
    """
    terms = assessment.late_terms
    if terms is not None and learner_id is not None:
        in_force = late_terms_of(learner_id, assessment.pk)
        terms = with_own_due(in_force, learner_id, assessment.course_id, assessment.pk)
    return lateness_of(terms, assessment.kind, sitting.started_at if sitting else None)
