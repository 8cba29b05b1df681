from grading.selectors.certificates import CertificateState, certificate_by_code, certificate_of
from grading.selectors.grades import CategoryGrade, CourseGrade, ItemGrade, course_grade, grade_from, group
from grading.selectors.rows import Row, basis_of, item_rows

__all__ = [
    "CategoryGrade",
    "CertificateState",
    "CourseGrade",
    "Row",
    "ItemGrade",
    "certificate_by_code",
    "certificate_of",
    "basis_of",
    "course_grade",
    "grade_from",
    "group",
    "item_rows",
]
