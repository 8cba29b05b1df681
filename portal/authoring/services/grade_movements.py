"""The grades that a change of content moves, and the learners who cross the pass mark (D23)."""

from collections.abc import Mapping
from dataclasses import dataclass

from grading.rules.course_grade import CourseGrade
from grading.selectors import learners_graded
from quizzes.selectors import SettledGrades


@dataclass(frozen=True)
class Movement:
    """One learner's grade before and after: percents as shown, decisions by the unrounded value."""

    username: str
    before: str
    after: str
    is_fall: bool
    had_passed: bool
    has_passed: bool

    @property
    def crosses(self) -> bool:
        return self.had_passed != self.has_passed


def grades_by_learner(grades: SettledGrades, course_id: int) -> dict[str, CourseGrade]:
    """Return the grade of everyone with a score in the course, by username. Runs one or two queries for each."""
    return {name: grades.grade(learner_id, course_id) for learner_id, name in learners_graded(course_id).items()}


def movements_between(before: Mapping[str, CourseGrade], after: Mapping[str, CourseGrade]) -> tuple[Movement, ...]:
    """Return the learners whose shown percent or pass changes."""
    return tuple(
        _movement(name, before[name], grade)
        for name, grade in after.items()
        if name in before and _differs(before[name], grade)
    )


def _differs(before: CourseGrade, after: CourseGrade) -> bool:
    return (before.exact, before.has_passed) != (after.exact, after.has_passed)


def _movement(name: str, before: CourseGrade, after: CourseGrade) -> Movement:
    return Movement(
        username=name,
        before=before.percent,
        after=after.percent,
        is_fall=after.exact < before.exact or (before.has_passed and not after.has_passed),
        had_passed=before.has_passed,
        has_passed=after.has_passed,
    )
