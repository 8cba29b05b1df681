"""Which learners need a look, and why: three signals, each named after what was seen, not after a kind of person.

| signal | seen |
|---|---|
| away | not finished, and no activity for seven days |
| wrong | at least two in five of five or more final review questions ended wrong |
| tight | even with every review point that can still be won, passing takes more than 90 % of the exam |

Learners who have passed, or whose exam is over, have no signal, because nothing could still change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from grading.rules.arithmetic import percent_up

AWAY = timedelta(days=7)
LEAST_FINAL = 5
MANY_WRONG = Fraction(2, 5)
TIGHT = Fraction(9, 10)

type Name = Literal["away", "wrong", "tight"]


@dataclass(frozen=True)
class RiskInput:
    """The figures of one learner from which the signals follow.

    `seen_at` is their last activity, at least the enrollment. `needed` is the share of the exam that they need at best,
    None unless a single exam decides.
    """

    seen_at: datetime
    has_passed: bool
    is_exam_over: bool
    final: int
    wrong: int
    needed: Fraction | None


@dataclass(frozen=True)
class Signal:
    """A signal and the numbers behind it, as text."""

    name: Name
    figures: tuple[str, ...]


def signals(learner: RiskInput, now: datetime) -> tuple[Signal, ...]:
    """Return the signals, in the order of the table."""
    if learner.has_passed or learner.is_exam_over:
        return ()
    return tuple(signal for signal in (away(learner, now), wrong(learner), tight(learner)) if signal is not None)


def away(learner: RiskInput, now: datetime) -> Signal | None:
    """Return the signal, with the days without activity, after seven of them."""
    gone = now - learner.seen_at
    return Signal("away", (str(gone.days),)) if gone >= AWAY else None


def wrong(learner: RiskInput) -> Signal | None:
    """Return the signal, with the numbers of wrong and of final questions."""
    is_much = learner.final >= LEAST_FINAL and learner.wrong >= MANY_WRONG * learner.final
    return Signal("wrong", (str(learner.wrong), str(learner.final))) if is_much else None


def tight(learner: RiskInput) -> Signal | None:
    """Return the signal, with the percent of the exam that is needed, "" if even all of it is not enough."""
    if learner.needed is None or learner.needed <= TIGHT:
        return None
    return Signal("tight", ("" if learner.needed > 1 else percent_up(learner.needed),))


def needed_at_best(*, pass_share: Fraction, rest_at_best: Fraction, exam_weight: Fraction) -> Fraction | None:
    """Return the share of the exam that passes if everything else adds `rest_at_best` to the grade; None if the exam
    has no weight.
    """
    return (pass_share - rest_at_best) / exam_weight if exam_weight else None
