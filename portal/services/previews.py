"""What an action would do to grades: it is done, looked at, and rolled back, so the preview is the thing itself."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from grading.rules.certifying import Step
from grading.selectors import Outcome, ledgers, outcome_from


@dataclass(frozen=True)
class Shift:
    """A learner's grade before and after."""

    learner_id: int
    before: Outcome
    after: Outcome

    @property
    def certificate(self) -> Step:
        if self.before.held == self.after.held:
            return ""
        if self.after.held == "revoked":
            return "revoked"
        return "issued" if self.before.held == "none" else "restored"

    @property
    def crosses(self) -> bool:
        return self.before.has_passed != self.after.has_passed

    @property
    def is_fall(self) -> bool:
        return self.after.exact < self.before.exact


def preview(*, course_id: int, learner_ids: Collection[int], act: Callable[[], object]) -> list[Shift]:
    """The grades of these learners before and after `act`, of which nothing stays. Raises its Refusals."""
    with transaction.atomic():
        before = outcomes(course_id, learner_ids)
        act()
        after = outcomes(course_id, learner_ids)
        transaction.set_rollback(True)
    return [Shift(learner_id, before[learner_id], after[learner_id]) for learner_id in learner_ids]


def outcomes(course_id: int, learner_ids: Collection[int]) -> dict[int, Outcome]:
    return {learner_id: outcome_from(found) for learner_id, found in ledgers(course_id, learner_ids).items()}
