from grading.selectors.certificates import CertificateState, certificate_by_code, certificate_of
from grading.selectors.gradebook import (
    Column,
    Step,
    columns_of,
    holds_certificate,
    is_overridden,
    percent_to_sort_by,
    steps_of,
)
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
    "Column",
    "CourseGrade",
    "ItemGrade",
    "Ledger",
    "Outcome",
    "Row",
    "Step",
    "StoredScore",
    "basis_of",
    "certificate_by_code",
    "certificate_of",
    "certified",
    "columns_of",
    "counted",
    "course_grade",
    "grade_from",
    "holds_certificate",
    "is_overridden",
    "learners_graded",
    "ledger",
    "ledgers",
    "outcome_from",
    "overridden_cells",
    "percent_to_sort_by",
    "shown",
    "steps_of",
    "stored_scores",
]
