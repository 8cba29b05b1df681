from grading.selectors.certificates import CertificateState, certificate_by_code, certificate_of
from grading.selectors.grades import CategoryGrade, CourseGrade, ItemGrade, counted, course_grade, grade_from, shown
from grading.selectors.learners import learners_graded
from grading.selectors.rows import Ledger, Row, basis_of, ledger
from grading.selectors.verification import StoredScore, certified, stored_scores

__all__ = [
    "CategoryGrade",
    "CertificateState",
    "CourseGrade",
    "ItemGrade",
    "Ledger",
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
    "shown",
    "stored_scores",
]
