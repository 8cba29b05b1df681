"""Exact grade arithmetic (D1, D4): points are Decimal, fractions are Fraction, float nowhere.

A fraction is 0 to 1, a percent a text with one decimal and no sign, as pages, API and CSV show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Item:
    """One graded assessment of a learner, in points.

    `answered` is what the questions with an attempt are worth, `winnable` the points of each
    question that is not final yet.
    """

    earned: Decimal
    possible: Decimal
    answered: Decimal = Decimal(0)
    winnable: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Category:
    """A weighted group of items; `weight` in percent, all weights of a course sum to 100."""

    weight: Decimal
    items: tuple[Item, ...]


def fraction(earned: Decimal, possible: Decimal) -> Fraction:
    """earned / possible; of nothing possible, nothing is earned: 0."""
    return Fraction(earned) / Fraction(possible) if possible else Fraction(0)


def category_fraction(items: Sequence[Item]) -> Fraction:
    """The plain mean of the items' fractions; items worth no points stand aside (D1)."""
    return _mean([fraction(item.earned, item.possible) for item in items if item.possible])


def answered_fraction(items: Sequence[Item]) -> Fraction | None:
    """The mean "of what you have answered"; None before the first attempt."""
    answered = [item for item in items if item.answered]
    if not answered:
        return None
    return _mean([fraction(item.earned, item.answered) for item in answered])


def overall_fraction(categories: Sequence[Category]) -> Fraction:
    """The weighted sum (G1). ValueError unless the weights sum to exactly 100 percent."""
    refuse_weights([category.weight for category in categories])
    return sum((weighted(category) for category in categories), Fraction(0))


def weighted(category: Category) -> Fraction:
    """What a category brings to the overall fraction."""
    return Fraction(category.weight) / 100 * category_fraction(category.items)


def refuse_weights(weights: Sequence[Decimal]) -> None:
    """ValueError unless no weight is negative and all sum to exactly 100 percent."""
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight cannot be negative")
    if (total := sum(weights, Decimal(0))) != 100:
        raise ValueError(f"the weights sum to {points_text(total)} %, not to 100 %")


def has_passed(reached: Fraction, pass_percent: Decimal) -> bool:
    """Compares the unrounded value: 69.995 % has not passed 70 %."""
    return reached * 100 >= Fraction(pass_percent)


def percent_down(value: Fraction) -> str:
    """For what was reached: rounded down to one decimal, so a fail never reads as a pass."""
    return _tenths(value * 1000 // 1)


def percent_up(value: Fraction) -> str:
    """For what is needed: rounded up to one decimal, so reaching it is enough."""
    return _tenths(-(-value * 1000 // 1))


def points_text(points: Decimal) -> str:
    """Points without needless zeros or an exponent: "32", "0.5"."""
    text = format(points, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_short(earned: Decimal, possible: Decimal, pass_percent: Decimal) -> Decimal:
    """The points missing to a line, none above it; whole where the item's points are whole."""
    missing = max(possible * pass_percent / 100 - earned, Decimal(0))
    are_whole = possible == possible.to_integral_value() and earned == earned.to_integral_value()
    return missing.to_integral_value(ROUND_CEILING) if are_whole else missing


def written_sum(categories: Sequence[Category]) -> str:
    """The overall percent as a sum with exact points, which a reader can check (D4).

    "32 of 48 × 50 + 22 of 30 × 50"; a category of several assessments is written as the mean
    that it is: "(8 of 12 + 9 of 15) ÷ 2 × 50".
    """
    return " + ".join(f"{_written(c.items)} × {points_text(c.weight)}" for c in categories)


def _written(items: Sequence[Item]) -> str:
    terms = [f"{points_text(item.earned)} of {points_text(item.possible)}" for item in items if item.possible]
    if len(terms) > 1:
        return f"({' + '.join(terms)}) ÷ {len(terms)}"
    return terms[0] if terms else "0"


def _mean(fractions: Sequence[Fraction]) -> Fraction:
    return sum(fractions, Fraction(0)) / len(fractions) if fractions else Fraction(0)


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
