"""The grades that a change of content moves, and the learners who cross the pass mark (D23)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import batched

from grading.rules.course_grade import CourseGrade
from grading.selectors import SettledGrades, learners_graded
from people.selectors import learners_named

CHUNK = 500  # learners whose cells are in memory at a time


@dataclass(frozen=True)
class Movement:
    """One learner's grade before and after: percents as shown, decisions by the unrounded value.

    `name` only helps a reader: a new name does not make a movement another one.
    """

    username: str
    before: str
    after: str
    is_fall: bool
    had_passed: bool
    has_passed: bool
    name: str = field(compare=False, repr=False)

    @property
    def crosses(self) -> bool:
        return self.had_passed != self.has_passed


def grades_by_learner(grades: SettledGrades, course_id: int) -> dict[int, CourseGrade]:
    """Return the grade of everyone with a score in the course, by learner id. Runs four queries for every CHUNK."""
    by_learner: dict[int, CourseGrade] = {}
    for learner_ids in batched(learners_graded(course_id), CHUNK):
        by_learner |= grades.grades(course_id, learner_ids)
    return by_learner


def movements_between(
    course_id: int, before: Mapping[int, CourseGrade], after: Mapping[int, CourseGrade]
) -> tuple[Movement, ...]:
    """Return the learners whose shown percent or pass changes."""
    moved = [
        learner_id
        for learner_id, grade in after.items()
        if learner_id in before and _differs(before[learner_id], grade)
    ]
    if not moved:
        return ()
    usernames, names = learners_graded(course_id), learners_named(course_id, moved)
    return tuple(
        _movement(
            usernames[learner_id], names.get(learner_id, usernames[learner_id]), before[learner_id], after[learner_id]
        )
        for learner_id in moved
    )


def _differs(before: CourseGrade, after: CourseGrade) -> bool:
    return (before.exact, before.has_passed) != (after.exact, after.has_passed)


def _movement(username: str, name: str, before: CourseGrade, after: CourseGrade) -> Movement:
    return Movement(
        username=username,
        name=name,
        before=before.percent,
        after=after.percent,
        is_fall=after.exact < before.exact or (before.has_passed and not after.has_passed),
        had_passed=before.has_passed,
        has_passed=after.has_passed,
    )
