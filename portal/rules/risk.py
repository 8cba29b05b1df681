"""Which learners deserve a look, and why: three signals, each named after what was seen, none after a person.

| signal | seen |
|---|---|
| away | not finished, and nothing done for seven days |
| wrong | of five or more final review questions at least two in five ended wrong |
| tight | even with every review point that can still be won, the exam must bring more than 90 % to pass |

Whoever passed or has the exam behind them shows none: nothing could come of it.
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
    """One learner. `seen_at` is when they last did anything, at least enrol; `needed` the share of the exam that they
    need at best, None where no single exam decides."""

    seen_at: datetime
    has_passed: bool
    is_exam_over: bool
    final: int
    wrong: int
    needed: Fraction | None


@dataclass(frozen=True)
class Signal:
    """`figures` are the numbers that it was seen by, as text."""

    name: Name
    figures: tuple[str, ...]


def signals(facts: Facts, now: datetime) -> tuple[Signal, ...]:
    """In the order of the table."""
    if facts.has_passed or facts.is_exam_over:
        return ()
    return tuple(found for found in (away(facts, now), wrong(facts), tight(facts)) if found is not None)


def away(facts: Facts, now: datetime) -> Signal | None:
    gone = now - facts.seen_at
    return Signal("away", (str(gone.days),)) if gone >= AWAY else None


def wrong(facts: Facts) -> Signal | None:
    is_much = facts.final >= LEAST_FINAL and facts.wrong >= MANY_WRONG * facts.final
    return Signal("wrong", (str(facts.wrong), str(facts.final))) if is_much else None


def tight(facts: Facts) -> Signal | None:
    if facts.needed is None or facts.needed <= TIGHT:
        return None
    return Signal("tight", ("" if facts.needed > 1 else percent_up(facts.needed),))


def needed_at_best(*, pass_share: Fraction, rest_at_best: Fraction, exam_weight: Fraction) -> Fraction | None:
    """The share of the exam that passes if all else brings `rest_at_best` of the grade; None for a weightless exam."""
    return (pass_share - rest_at_best) / exam_weight if exam_weight else None
