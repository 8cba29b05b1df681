"""The lateness of sittings: the late terms of the gradebook's item, with the learner's later due date (D34)."""

from datetime import datetime

from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import LateTerms
from grading.rules.ledger import Ledger
from grading.selectors import late_terms_in, late_terms_of, with_own_due
from quizzes.models import Assessment, Sitting


def lateness_of(terms: LateTerms | None, kind: str, started_at: datetime | None) -> Lateness:
    """Return the lateness of a sitting, or of one that has not begun."""
    if terms is None:
        return IN_TIME
    return Lateness(terms, started_at if kind == Assessment.Kind.EXAM else None)


def sitting_lateness(sitting: Sitting, ledger: Ledger) -> Lateness:
    """Return the lateness of a sitting whose assessment is loaded. Runs one query if it has a late policy, else none."""
    assessment = sitting.assessment
    terms = late_terms_in(ledger, sitting.learner_id, assessment.course_id, assessment.pk)
    return lateness_of(terms, assessment.kind, sitting.started_at)


def learner_lateness(assessment: Assessment, learner_id: int | None, sitting: Sitting | None) -> Lateness:
    """Return the lateness of a learner's sitting, of one that has not begun, or, for a preview, of everyone's.

    Runs three queries; none if the assessment has no late policy.
    """
    terms = assessment.late_terms
    if terms is not None and learner_id is not None:
        in_force = late_terms_of(learner_id, assessment.pk)
        terms = with_own_due(in_force, learner_id, assessment.course_id, assessment.pk)
    return lateness_of(terms, assessment.kind, sitting.started_at if sitting else None)
