"""Read the gradebook as stored. For grades, call `grading.services.settle_grades`, which settles sittings first."""

from grading.selectors.certificates import (
    CertificateState,
    certificate_by_code,
    certificate_of,
    certificate_state,
    certificates_in,
    certificates_issued_at,
    courses_with_certificate,
)
from grading.selectors.gradebook import (
    Column,
    ScoreChange,
    changes_made_by,
    columns_of,
    counted_among,
    graded_activities,
    is_overridden,
    overrides_of,
    score_changes,
)
from grading.selectors.lateness import late_terms_in, late_terms_of, terms_by_learner, with_own_due
from grading.selectors.learners import graded_in, learners_graded
from grading.selectors.settled import SettledGrades, scheme_of
from grading.selectors.verification import (
    StoredScore,
    certified,
    given_at,
    overridden_cells,
    stored_items,
    stored_scores,
)

__all__ = [
    "CertificateState",
    "Column",
    "ScoreChange",
    "SettledGrades",
    "StoredScore",
    "certificate_by_code",
    "certificate_of",
    "certificate_state",
    "certificates_in",
    "certificates_issued_at",
    "certified",
    "changes_made_by",
    "columns_of",
    "counted_among",
    "courses_with_certificate",
    "given_at",
    "graded_activities",
    "graded_in",
    "is_overridden",
    "late_terms_in",
    "late_terms_of",
    "learners_graded",
    "overridden_cells",
    "overrides_of",
    "scheme_of",
    "score_changes",
    "stored_items",
    "stored_scores",
    "terms_by_learner",
    "with_own_due",
]
