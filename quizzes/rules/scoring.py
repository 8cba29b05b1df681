"""What a sitting is worth: a pure function of its questions and attempts (G6, D1, D23, D25, I8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizzes.rules.attempts import Past, is_final
from quizzes.rules.corrections import Correction, is_credited, is_gone, is_void


@dataclass(frozen=True)
class Asked:
    """A question that may count: its points for this learner, the attempts it allows, and what regrades say of it."""

    id: str
    points: Decimal
    attempts_limit: int
    is_retired: bool = False
    corrections: tuple[Correction, ...] = ()


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
    """The questions in a learner's denominator: those of the certificate's basis where there is one, otherwise all
    that are not removed; a removed or void one only where leaving it out would cost its points."""
    return [
        question
        for question in asked
        if not is_gone(question.corrections)
        and (basis is None or question.id in basis)
        and (not _is_out(question, basis) or has_right(question, past))
    ]


def _is_out(question: Asked, basis: frozenset[str] | None) -> bool:
    return is_void(question.corrections) or (question.is_retired and basis is None)


def has_right(question: Asked, past: Mapping[str, Sequence[Past]]) -> bool:
    return is_credited(question.corrections) or is_right(past.get(question.id, ()))


def tally(
    asked: Sequence[Asked],
    past: Mapping[str, Sequence[Past]],
    *,
    basis: frozenset[str] | None = None,
    is_settled: bool = False,
) -> Tally:
    """The points of a sitting; once it is settled, nothing is winnable any more."""
    questions = counted(asked, past, basis)
    right = [question for question in questions if has_right(question, past)]
    tried = [question for question in questions if past.get(question.id) or is_credited(question.corrections)]
    left = [
        question
        for question in questions
        if not is_settled
        and not is_credited(question.corrections)
        and not is_final(question.attempts_limit, past.get(question.id, ()))
    ]
    return Tally(
        earned=total(right),
        possible=total(questions),
        answered=total(tried),
        winnable=tuple(question.points for question in left),
    )


def total(questions: Sequence[Asked]) -> Decimal:
    return sum((question.points for question in questions), Decimal(0))
