from functools import lru_cache

from grading.rules.course_grade import CourseGrade, grade_from
from grading.selectors.rows import LEDGER, ledger_of, with_certificate


def course_grade(learner_id: int, course_id: int) -> CourseGrade:
    """Return the grade from the gradebook's cells. Settle what is due before calling it (D9)."""
    rows = LEDGER.raw(learner_id=learner_id, course_id=course_id)
    current, has_certificate = ledger_of(rows)
    return grade_from(with_certificate(current, learner_id, course_id)) if has_certificate else grade_of(rows)


@lru_cache(maxsize=2048)
def grade_of(rows: tuple[tuple[object, ...], ...]) -> CourseGrade:
    """Return the grade that rows of LEDGER make without a certificate. The same rows make the same grade."""
    return grade_from(ledger_of(rows)[0])
