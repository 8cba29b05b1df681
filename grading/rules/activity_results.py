"""A learner's result in an activity, in points, and the effect of an override on it (D18)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class ActivityResult:
    """A learner's result in an activity, in points. `winnable` holds the points of each question that is not final yet.

    `late` is how many points right answers lost because they were late; `earned` is without them (D34).
    """

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str
    late: Decimal = Decimal(0)


@dataclass(frozen=True)
class ActivityWorth:
    """What an activity is worth to a learner who has not started it: the points of each question that can be won, and,
    by question, the points that a regrade gives everyone (D17).
    """

    winnable: tuple[Decimal, ...]
    credited: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def given(self) -> Decimal:
        return sum(self.credited.values(), Decimal(0))

    @property
    def possible(self) -> Decimal:
        return sum(self.winnable, self.given)

    @property
    def unbegun(self) -> ActivityResult:
        return ActivityResult(self.given, self.possible, self.given, self.winnable, "not_started")

    def over(self, possible: Decimal, questions: Collection[str]) -> "ActivityWorth":
        """Return the worth over the questions that a certificate counted: `possible` points, and the credit of these
        questions only (D23).
        """
        credited = {question: points for question, points in self.credited.items() if question in questions}
        if possible == self.possible and len(credited) == len(self.credited):
            return self
        rest = possible - sum(credited.values(), Decimal(0))
        return ActivityWorth((rest,), credited) if rest >= 0 else ActivityWorth((possible,))


def overridden(result: ActivityResult, points: Decimal | None) -> ActivityResult:
    """Return the result with an instructor's points in place of the earned ones; None leaves it unchanged.

    The result is final: answering can win nothing more. If the activity is now worth less than `points`, the learner
    gets all that it is worth.
    """
    if points is None:
        return result
    return ActivityResult(min(points, result.possible), result.possible, result.possible, (), "done")
