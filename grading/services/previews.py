"""Preview the effect of an action on grades: run it, read the grades, and roll back.

So the preview cannot differ from the action.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from grading.rules.certifying import CertificateStep
from grading.rules.course_grade import GradeOutcome, outcome_from
from grading.selectors import SettledGrades


@dataclass(frozen=True)
class Shift:
    """A learner's grade before and after."""

    learner_id: int
    before: GradeOutcome
    after: GradeOutcome

    @property
    def certificate(self) -> CertificateStep:
        if self.before.held == self.after.held:
            return ""
        if self.after.held == "revoked":
            return "revoked"
        return "issued" if self.before.held == "none" else "restored"

    @property
    def has_moved(self) -> bool:
        return self.before.exact != self.after.exact

    @property
    def crosses(self) -> bool:
        return self.before.has_passed != self.after.has_passed

    @property
    def is_fall(self) -> bool:
        return self.after.exact < self.before.exact


def preview(
    *, grades: SettledGrades, course_id: int, learner_ids: Collection[int], act: Callable[[], object]
) -> list[Shift]:
    """Return the grades of these learners before and after `act`, which is rolled back. Raises the Refusals of `act`."""
    with transaction.atomic():
        before = outcomes(grades, course_id, learner_ids)
        act()
        after = outcomes(grades, course_id, learner_ids)
        transaction.set_rollback(True)
    return [Shift(learner_id, before[learner_id], after[learner_id]) for learner_id in learner_ids]


def outcomes(grades: SettledGrades, course_id: int, learner_ids: Collection[int]) -> dict[int, GradeOutcome]:
    """Return the grade outcomes by learner."""
    return {pk: outcome_from(ledger) for pk, ledger in grades.ledgers(course_id, learner_ids).items()}
