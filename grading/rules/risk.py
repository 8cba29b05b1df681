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
class Facts:
    """One learner.

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


def signals(facts: Facts, now: datetime) -> tuple[Signal, ...]:
    """Return the signals, in the order of the table."""
    if facts.has_passed or facts.is_exam_over:
        return ()
    return tuple(found for found in (away(facts, now), wrong(facts), tight(facts)) if found is not None)


def away(facts: Facts, now: datetime) -> Signal | None:
    """Return the signal, with the days without activity, after seven of them."""
    gone = now - facts.seen_at
    return Signal("away", (str(gone.days),)) if gone >= AWAY else None


def wrong(facts: Facts) -> Signal | None:
    """Return the signal, with the numbers of wrong and of final questions."""
    is_much = facts.final >= LEAST_FINAL and facts.wrong >= MANY_WRONG * facts.final
    return Signal("wrong", (str(facts.wrong), str(facts.final))) if is_much else None


def tight(facts: Facts) -> Signal | None:
    """Return the signal, with the percent of the exam that is needed, "" if even all of it is not enough."""
    if facts.needed is None or facts.needed <= TIGHT:
        return None
    return Signal("tight", ("" if facts.needed > 1 else percent_up(facts.needed),))


def needed_at_best(*, pass_share: Fraction, rest_at_best: Fraction, exam_weight: Fraction) -> Fraction | None:
    """Return the share of the exam that passes if everything else adds `rest_at_best` to the grade; None if the exam
    has no weight.
    """
    return (pass_share - rest_at_best) / exam_weight if exam_weight else None
