"""Readers of grades that people and programs see. They only exist after everything due was settled (D9)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists

from activities.kinds import OpenSitting, WithheldScores
from activities.registry import withheld_from
from grading.rules.course_grade import CourseGrade, grade_from
from grading.rules.ledger import Ledger, without_results
from grading.selectors.grades import course_grade
from grading.selectors.rows import ledger, ledgers
from grading.selectors.sorting import holds_certificate, percent_to_sort_by

NOBODY = 0  # no account has this id


@dataclass(frozen=True)
class SettledGrades:
    """The grades of a scope in which every sitting whose time is up was settled a moment ago.

    Only `grading.services.settle_grades` makes one. `learner_id` and `course_id` are the scope: None means everyone, or
    every course. `now` is when it was settled. `running` is the learner's running exam, if the scope is a learner. Each
    reader raises ValueError for a grade outside the scope.
    """

    learner_id: int | None
    course_id: int | None
    now: datetime
    running: OpenSitting | None = None

    def grade(self, learner_id: int, course_id: int) -> CourseGrade:
        """Return the course grade of one learner, as staff see it. Runs one query."""
        self._check(course_id, [learner_id])
        return course_grade(learner_id, course_id)

    def grade_shown(self, learner_id: int, course_id: int) -> CourseGrade:
        """Return the course grade as its learner may see it: without scores that are withheld (D33).

        Runs one query more than `grade` if the course has exams whose score comes later.
        """
        return grade_without(self.grade(learner_id, course_id), withheld_from(learner_id, course_id, self.now))

    def knows_certificate(self, learner_id: int, course_id: int) -> bool:
        """Return whether a learner who has a certificate may know of it: not if only withheld scores earned it."""
        hidden = withheld_from(learner_id, course_id, self.now)
        return not hidden.all or grade_without(self.grade(learner_id, course_id), hidden).has_passed

    def ledger(self, learner_id: int, course_id: int) -> Ledger:
        """Return the cells of one learner. Runs one query."""
        self._check(course_id, [learner_id])
        return ledger(learner_id, course_id)

    def ledgers(self, course_id: int, learner_ids: Collection[int]) -> dict[int, Ledger]:
        """Return the ledgers of many learners, by learner. Runs four queries."""
        self._check(course_id, learner_ids)
        return ledgers(course_id, learner_ids)

    def grades(self, course_id: int, learner_ids: Collection[int]) -> dict[int, CourseGrade]:
        """Return the course grades of many learners, as staff see them, by learner. Runs four queries."""
        return {learner_id: grade_from(cells) for learner_id, cells in self.ledgers(course_id, learner_ids).items()}

    def percent_to_sort_by(self, course_id: int, activity: str | None = None) -> object:
        """Return, for a query of people, the percent of one item or the overall percent. Use it only for ordering."""
        self._check(course_id)
        return percent_to_sort_by(course_id, activity)

    def holds_certificate(self, course_id: int) -> Exists:
        """Return, for a query of people, whether they hold a valid certificate."""
        self._check(course_id)
        return holds_certificate(course_id)

    def _check(self, course_id: int, learner_ids: Collection[int] | None = None) -> None:
        if self.course_id not in {None, course_id}:
            raise ValueError(f"only course {self.course_id} is settled, not {course_id}")
        if self.learner_id is not None and (learner_ids is None or set(learner_ids) - {self.learner_id}):
            raise ValueError(f"only learner {self.learner_id} is settled")


def scheme_of(course_id: int) -> CourseGrade:
    """Return the weights, lines and points of a course, as in the grade of a learner who has not started."""
    return grade_from(ledger(NOBODY, course_id))


def grade_without(grade: CourseGrade, withheld: WithheldScores) -> CourseGrade:
    """Return a grade as if these exams were still running, and without a certificate that only they have earned.

    The basis of such a certificate tells of it as well: if the course changes, the grade without a certificate follows.
    A void sitting counts no more, so its exam keeps the state that it has. But it may have earned a certificate, which is
    revoked since.
    """
    if not withheld.all:
        return grade
    reduced = grade_from(without_results(grade.ledger, withheld.counting))
    if not reduced.has_passed:
        reduced = grade_from(without_results(grade.ledger.without_certificate, withheld.counting))
    has_own = reduced.has_passed
    return replace(
        reduced,
        is_certified=grade.is_certified and has_own,
        is_revoked=grade.is_revoked and has_own,
        has_notices=grade.has_notices,
        withheld=withheld.counting,
        hidden=withheld.all,
    )
