"""Whose grade a change of content moves, and who crosses the line (D23)."""

from collections.abc import Mapping
from dataclasses import dataclass

from grading.selectors import CourseGrade, course_grade, learners_graded


@dataclass(frozen=True)
class Movement:
    """One learner's grade before and after; percents as shown, decisions by the unrounded value."""

    username: str
    before: str
    after: str
    is_fall: bool
    had_passed: bool
    has_passed: bool

    @property
    def crosses(self) -> bool:
        return self.had_passed != self.has_passed


def standings_of(course_id: int | None) -> dict[str, CourseGrade]:
    """The grade of everyone who has any score in the course, by user name: a statement or two for each."""
    if course_id is None:
        return {}
    return {name: course_grade(learner_id, course_id) for learner_id, name in learners_graded(course_id).items()}


def movements_between(before: Mapping[str, CourseGrade], after: Mapping[str, CourseGrade]) -> tuple[Movement, ...]:
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
