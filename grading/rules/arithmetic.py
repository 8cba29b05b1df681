"""Exact grade arithmetic (D1, D4): points are Decimal and fractions are Fraction; no floats.

A fraction is from 0 to 1. A percent is a text with one decimal and no sign, as pages, API and CSV show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class GradedItem:
    """One graded assessment of a learner, in points.

    `answered` is what the questions with an attempt are worth; `winnable` holds the points of each question that is not
    final yet.
    """

    earned: Decimal
    possible: Decimal
    answered: Decimal = Decimal(0)
    winnable: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class GradedCategory:
    """A weighted group of items. `weight` is in percent; all weights of a course sum to 100."""

    weight: Decimal
    items: tuple[GradedItem, ...]

    @cached_property
    def reached(self) -> Fraction:
        """The mean of the items' fractions."""
        return category_fraction(self.items)

    @cached_property
    def added(self) -> Fraction:
        """What the category adds to the overall fraction."""
        return Fraction(self.weight) / 100 * self.reached


@lru_cache(4096)
def fraction(earned: Decimal, possible: Decimal) -> Fraction:
    """Return earned / possible, or 0 if nothing is possible."""
    return Fraction(earned) / Fraction(possible) if possible else Fraction(0)


def category_fraction(items: Sequence[GradedItem]) -> Fraction:
    """Return the plain mean of the items' fractions, ignoring items worth no points (D1)."""
    return _mean([fraction(item.earned, item.possible) for item in items if item.possible])


def answered_fraction(items: Sequence[GradedItem]) -> Fraction | None:
    """Return the mean counting only the questions answered so far, or None before the first attempt."""
    answered = [item for item in items if item.answered]
    if not answered:
        return None
    return _mean([fraction(item.earned, item.answered) for item in answered])


def overall_fraction(categories: Sequence[GradedCategory]) -> Fraction:
    """Return the weighted sum (G1). Raises ValueError unless the weights sum to exactly 100 percent."""
    refuse_weights([category.weight for category in categories])
    return sum((weighted(category) for category in categories), Fraction(0))


def weighted(category: GradedCategory) -> Fraction:
    """Return what a category adds to the overall fraction."""
    return category.added


def refuse_weights(weights: Sequence[Decimal]) -> None:
    """Raise ValueError if a weight is negative or the weights do not sum to exactly 100 percent."""
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight cannot be negative")
    if (total := sum(weights, Decimal(0))) != 100:
        raise ValueError(f"the weights sum to {points_text(total)} %, not to 100 %")


def has_passed(reached: Fraction, pass_percent: Decimal) -> bool:
    """Return whether a fraction reaches the line, without rounding: 69.995 % has not passed 70 %."""
    return reached * 100 >= Fraction(pass_percent)


def percent_down(value: Fraction) -> str:
    """Return a percent that was reached, rounded down to one decimal, so that a fail never looks like a pass."""
    return _tenths(value * 1000 // 1)


def percent_up(value: Fraction) -> str:
    """Return a percent that is needed, rounded up to one decimal, so that reaching it is enough."""
    return _tenths(-(-value * 1000 // 1))


def points_text(points: Decimal) -> str:
    """Return points without trailing zeros or an exponent: "32", "0.5"."""
    text = format(points, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_short(earned: Decimal, possible: Decimal, pass_percent: Decimal) -> Decimal:
    """Return the points missing to a line, 0 above it, and a whole number if the item's points are whole."""
    missing = max(possible * pass_percent / 100 - earned, Decimal(0))
    are_whole = possible == possible.to_integral_value() and earned == earned.to_integral_value()
    return missing.to_integral_value(ROUND_CEILING) if are_whole else missing


def written_sum(categories: Sequence[GradedCategory]) -> str:
    """Return the overall percent as a sum with exact points, which a reader can check (D4).

    "32 of 48 × 50 + 22 of 30 × 50". A category of several assessments is written as a mean: "(8 of 12 + 9 of 15) ÷ 2 ×
    50".
    """
    return " + ".join(f"{_terms_in_words(c.items)} × {points_text(c.weight)}" for c in categories)


def _terms_in_words(items: Sequence[GradedItem]) -> str:
    terms = [f"{points_text(item.earned)} of {points_text(item.possible)}" for item in items if item.possible]
    if len(terms) > 1:
        return f"({' + '.join(terms)}) ÷ {len(terms)}"
    return terms[0] if terms else "0"


def _mean(fractions: Sequence[Fraction]) -> Fraction:
    return sum(fractions, Fraction(0)) / len(fractions) if fractions else Fraction(0)


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
