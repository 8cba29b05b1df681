"""The points of a sitting: a pure function of its questions and attempts (G6, D1, D23, D25, D34, I8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from grading.rules.lateness import WHOLE, share_of
from questions.rules.attempts import Past, is_final
from quizzes.rules.corrections import Correction, correction_effect, is_credited, is_gone, is_void


@dataclass(frozen=True)
class ScoredQuestion:
    """A question that a learner was asked, as the score sees it: its points for them and its corrections. `counted` says
    whether it counts.
    """

    id: str
    points: Decimal
    is_retired: bool = False
    corrections: tuple[Correction, ...] = ()

    @cached_property
    def is_credited(self) -> bool:
        return is_credited(self.corrections)

    @cached_property
    def is_void(self) -> bool:
        return is_void(self.corrections)

    @cached_property
    def is_gone(self) -> bool:
        return is_gone(self.corrections)


@dataclass(frozen=True)
class Tally:
    """The points of a sitting; `winnable` holds the points of each counted question that is not final yet.

    `answered` are the points of the questions with an attempt, and of credited ones. `late` is how many points right
    answers lost because they were late; `earned` does not include them.
    """

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    late: Decimal = Decimal(0)

    @property
    def is_final(self) -> bool:
        return not self.winnable


def has_right_attempt(past: Sequence[Past]) -> bool:
    """Return whether an attempt is right."""
    return any(attempt.is_correct for attempt in past)


def won_percent(past: Sequence[Past]) -> int:
    """Return how much of its points a question counts by the best attempt, 0 without a right one (G6, D34)."""
    return max([attempt.percent for attempt in past if attempt.is_correct], default=0)


def counted(
    asked: Sequence[ScoredQuestion], past: Mapping[str, Sequence[Past]], basis: frozenset[str] | None
) -> list[ScoredQuestion]:
    """Return the questions in a learner's denominator.

    With a certificate these are the questions of its basis, otherwise all that are not removed. Removed or void
    questions count only if the learner would lose points without them.
    """
    return [
        question
        for question in asked
        if not question.is_gone
        and (basis is None or question.id in basis)
        and (not _is_out(question, basis) or won_points(question, past))
    ]


def _is_out(question: ScoredQuestion, basis: frozenset[str] | None) -> bool:
    return question.is_void or (question.is_retired and basis is None)


def is_won(question: ScoredQuestion, past: Mapping[str, Sequence[Past]]) -> bool:
    """Return whether the learner gets the question's points, by credit or by an attempt."""
    return question.is_credited or has_right_attempt(past.get(question.id, ()))


def won_points(question: ScoredQuestion, past: Mapping[str, Sequence[Past]]) -> Decimal:
    """Return the points of a question by credit or by the best attempt, of which a late one counts less (G6, D34)."""
    if question.is_credited:
        return question.points
    return share_of(question.points, won_percent(past.get(question.id, ())))


@dataclass(frozen=True)
class QuestionScore:
    """The part of one question in a score: the points earned of those possible. If it does not count, none are earned.

    `late` is how many points a right answer lost because it was late.
    `marks` say what changed since the question was asked: the effect of corrections, "removed" from the course, or
    "added" after the learner's certificate was issued; and "late" if the right answer was.
    """

    earned: Decimal
    possible: Decimal
    counts: bool
    marks: tuple[str, ...] = ()
    late: Decimal = Decimal(0)


def question_scores(
    asked: Sequence[ScoredQuestion], past: Mapping[str, Sequence[Past]], basis: frozenset[str] | None
) -> dict[str, QuestionScore]:
    """Return the score of each question by its id. The points of those that count add up to the `tally`."""
    counting = {question.id for question in counted(asked, past, basis)}

    def score(question: ScoredQuestion) -> QuestionScore:
        is_earned = question.id in counting and is_won(question, past)
        earned = won_points(question, past) if is_earned else Decimal(0)
        return QuestionScore(
            earned=earned,
            possible=question.points,
            counts=question.id in counting,
            marks=_marks(question, basis, is_late=is_earned and earned < question.points),
            late=question.points - earned if is_earned else Decimal(0),
        )

    return {question.id: score(question) for question in asked}


def _marks(question: ScoredQuestion, basis: frozenset[str] | None, *, is_late: bool) -> tuple[str, ...]:
    is_added = basis is not None and question.id not in basis
    marks = (
        correction_effect(question.corrections),
        "removed" if question.is_retired else "",
        "added" if is_added else "",
        "late" if is_late else "",
    )
    return tuple(filter(None, marks))


def tally(
    asked: Sequence[ScoredQuestion],
    past: Mapping[str, Sequence[Past]],
    *,
    basis: frozenset[str] | None = None,
    is_settled: bool = False,
    percent_left: int = WHOLE,
) -> Tally:
    """Return the points of a sitting. Once it is settled, no points are winnable.

    `percent_left` is how much of its points an open question can still count (D34).
    """
    questions = counted(asked, past, basis)
    tried = [question for question in questions if past.get(question.id) or question.is_credited]
    right = [question for question in tried if is_won(question, past)]
    earned = sum([won_points(question, past) for question in right], Decimal(0))
    left = [
        question
        for question in questions
        if not is_settled and not question.is_credited and not is_final(past.get(question.id, ()))
    ]
    return Tally(
        earned=earned,
        possible=total(questions),
        answered=total(tried),
        winnable=tuple([share_of(question.points, percent_left) for question in left]),
        late=total(right) - earned,
    )


def total(questions: Sequence[ScoredQuestion]) -> Decimal:
    """Return the sum of the questions' points."""
    return sum([question.points for question in questions], Decimal(0))
