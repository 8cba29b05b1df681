from functools import lru_cache

from grading.rules.course_grade import CourseGrade, grade_from
from grading.selectors.rows import LEDGER, ledger_of


def course_grade(learner_id: int, course_id: int) -> CourseGrade:
    """Return the grade from the gradebook's cells. Settle what is due before calling it (D9)."""
    return grade_of(LEDGER.raw(learner_id=learner_id, course_id=course_id))


@lru_cache(maxsize=2048)
def grade_of(rows: tuple[tuple[object, ...], ...]) -> CourseGrade:
    """Return the grade that rows of LEDGER make. The same rows make the same grade."""
    return grade_from(ledger_of(rows))
