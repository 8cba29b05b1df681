"""What a sitting is worth: a pure function of its questions and attempts (G6, D1, D23, D25, I8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizzes.rules.attempts import Past, is_final


@dataclass(frozen=True)
class Asked:
    """A question that may count: its points for this learner, the attempts it allows."""

    id: str
    points: Decimal
    attempts_limit: int
    is_retired: bool = False


@dataclass(frozen=True)
class Tally:
    """Points of a sitting; `winnable` are those of each counted question that is not final yet."""

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]

    @property
    def is_final(self) -> bool:
        return not self.winnable


def is_right(past: Sequence[Past]) -> bool:
    """The best attempt counts."""
    return any(attempt.is_correct for attempt in past)


def counted(asked: Sequence[Asked], past: Mapping[str, Sequence[Past]], basis: frozenset[str] | None) -> list[Asked]:
    """The questions in a learner's denominator: those of the certificate's basis where there is one,
    otherwise all that are not removed, and a removed one only where leaving it out would cost its points."""
    if basis is not None:
        return [question for question in asked if question.id in basis]
    return [question for question in asked if not question.is_retired or is_right(past.get(question.id, ()))]


def tally(
    asked: Sequence[Asked],
    past: Mapping[str, Sequence[Past]],
    *,
    basis: frozenset[str] | None = None,
    is_settled: bool = False,
) -> Tally:
    """The points of a sitting; once it is settled, nothing is winnable any more."""
    questions = counted(asked, past, basis)
    right = [question for question in questions if is_right(past.get(question.id, ()))]
    tried = [question for question in questions if past.get(question.id)]
    left = [
        question
        for question in questions
        if not is_settled and not is_final(question.attempts_limit, past.get(question.id, ()))
    ]
    return Tally(
        earned=total(right),
        possible=total(questions),
        answered=total(tried),
        winnable=tuple(question.points for question in left),
    )


def total(questions: Sequence[Asked]) -> Decimal:
    return sum((question.points for question in questions), Decimal(0))
