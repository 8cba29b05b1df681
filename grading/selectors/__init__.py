from grading.selectors.certificates import CertificateState, certificate_by_code, certificate_of
from grading.selectors.grades import (
    CategoryGrade,
    Cell,
    CourseGrade,
    ItemGrade,
    Outcome,
    counted,
    course_grade,
    grade_from,
    outcome_from,
    shown,
)
from grading.selectors.learners import learners_graded
from grading.selectors.rows import Ledger, Row, basis_of, ledger, ledgers
from grading.selectors.verification import StoredScore, certified, overridden_cells, stored_scores

__all__ = [
    "CategoryGrade",
    "Cell",
    "CertificateState",
    "CourseGrade",
    "ItemGrade",
    "Ledger",
    "Outcome",
    "Row",
    "StoredScore",
    "basis_of",
    "certificate_by_code",
    "certificate_of",
    "certified",
    "counted",
    "course_grade",
    "grade_from",
    "learners_graded",
    "ledger",
    "ledgers",
    "outcome_from",
    "overridden_cells",
    "shown",
    "stored_scores",
]
