"""Exact grade arithmetic (D1, D4): points are Decimal and fractions are Fraction; no floats.

A fraction is from 0 to 1. A percent is a text with one decimal and no sign, as pages, API and CSV show it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class GradedItem:
    """One graded assessment of a learner, in points.

    `answered` is what the questions with an attempt are worth; `winnable` holds the points of each question that is not
    final yet. An extra item adds to its category and is not one of those that the mean counts (D30).
    """

    earned: Decimal
    possible: Decimal
    answered: Decimal = Decimal(0)
    winnable: tuple[Decimal, ...] = ()
    is_extra: bool = False


@dataclass(frozen=True)
class GradedCategory:
    """A weighted group of items, of which the `drop_lowest` lowest do not count (D29). `is_exempt`: the learner is exempt
    from all of its items, so the other categories share its weight (D31).

    `weight` is in percent. The weights of a course sum to 100, without those of extra categories, which add to that
    (D30).
    """

    weight: Decimal
    items: tuple[GradedItem, ...]
    drop_lowest: int = 0
    is_extra: bool = False
    is_exempt: bool = False

    @cached_property
    def dropped(self) -> frozenset[int]:
        """The positions of the items that are dropped."""
        return dropped_positions(self.items, self.drop_lowest)

    @cached_property
    def reached(self) -> Fraction:
        """The mean of the items' fractions, without those that are dropped, and with the extra items; at most 1."""
        return min(self.uncapped, Fraction(1)) if self.has_extra_items else self.uncapped

    @cached_property
    def uncapped(self) -> Fraction:
        """The same without the limit of 1."""
        return category_fraction(self.items, self.dropped)

    @cached_property
    def has_extra_items(self) -> bool:
        return any(item.is_extra for item in self.items)

    @property
    def answered(self) -> Fraction | None:
        """The mean that counts only the questions answered so far, None before the first attempt."""
        return answered_fraction(self.regular)

    @property
    def regular(self) -> list[GradedItem]:
        """The items that the mean counts: worth something, and neither dropped nor extra."""
        kept = [item for position, item in enumerate(self.items) if position not in self.dropped and not item.is_extra]
        return [item for item in kept if item.possible]

    @cached_property
    def added(self) -> Fraction:
        """What the category adds to the weighted sum."""
        return Fraction(0) if self.is_exempt else Fraction(self.weight) / 100 * self.reached


@lru_cache(4096)
def fraction(earned: Decimal, possible: Decimal) -> Fraction:
    """Return earned / possible, or 0 if nothing is possible."""
    return Fraction(earned) / Fraction(possible) if possible else Fraction(0)


def category_fraction(items: Sequence[GradedItem], dropped: Collection[int] = ()) -> Fraction:
    """Return the plain mean of the items' fractions, ignoring items worth no points and those at the positions in
    `dropped` (D1, D29).

    An extra item adds what a regular one of the same fraction would, without being counted itself (D30).
    """
    regular: list[Fraction] = []
    extra: list[Fraction] = []
    for position, item in enumerate(items):
        if item.possible and position not in dropped:
            (extra if item.is_extra else regular).append(fraction(item.earned, item.possible))
    return sum(extra, sum(regular, Fraction(0))) / (len(regular) or 1)


def dropped_positions(items: Sequence[GradedItem], drop_lowest: int) -> frozenset[int]:
    """Return the positions of the lowest regular items, as many as a category drops, but never of all (D29).

    Of equal items, those without an answer are dropped before others, and later ones before earlier ones.
    """
    if not drop_lowest:
        return frozenset()
    counted = [position for position, item in enumerate(items) if item.possible and not item.is_extra]

    def rank(position: int) -> tuple[Fraction, bool, int]:
        item = items[position]
        return fraction(item.earned, item.possible), bool(item.answered), -position

    return frozenset(sorted(counted, key=rank)[: min(drop_lowest, len(counted) - 1)])


def answered_fraction(items: Sequence[GradedItem]) -> Fraction | None:
    """Return the mean counting only the questions answered so far, or None before the first attempt."""
    answered = [item for item in items if item.answered]
    if not answered:
        return None
    return sum([fraction(item.earned, item.answered) for item in answered], Fraction(0)) / len(answered)


def overall_fraction(categories: Sequence[GradedCategory]) -> Fraction:
    """Return the weighted sum (G1), at most 1.

    Raises ValueError unless the weights of the categories that are not extra sum to exactly 100 percent.
    """
    refuse_weights([category.weight for category in categories if not category.is_extra])
    return min(_uncapped_sum(categories), Fraction(1))


def counted_weight(categories: Sequence[GradedCategory]) -> Fraction:
    """Return the weight of the categories that count for the learner, 1 unless the learner is exempt from a whole one
    (D31). The weighted sum is divided by it.
    """
    exempt = [category.weight for category in categories if category.is_exempt and not category.is_extra]
    return 1 - Fraction(sum(exempt, Decimal(0))) / 100 if exempt else Fraction(1)


def _uncapped_sum(categories: Sequence[GradedCategory]) -> Fraction:
    total = sum((weighted(category) for category in categories), Fraction(0))
    share = counted_weight(categories)
    return total / share if share else Fraction(0)


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
    return _tenths(value.numerator * 1000 // value.denominator)


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
    50". Dropped items are left out, and extra ones do not change the divisor. Where extra credit goes beyond 100 %, the
    sum says "min(1, …)" or "min(100, …)". Categories from which the learner is exempt are left out, and the sum is divided
    by the weight that is left.
    """
    share = counted_weight(categories)
    counting = [category for category in categories if share and not category.is_exempt]
    written = " + ".join(f"{_category_in_words(c)} × {points_text(c.weight)}" for c in counting) or "0 × 0"
    if share not in {0, 1}:
        written = f"({written}) × 100 ÷ {points_text(Decimal(share.numerator * 100) / share.denominator)}"
    return f"min(100, {written})" if _uncapped_sum(categories) > 1 else written


def _category_in_words(category: GradedCategory) -> str:
    counted = [
        item for position, item in enumerate(category.items) if item.possible and position not in category.dropped
    ]
    terms = [f"{points_text(item.earned)} of {points_text(item.possible)}" for item in counted]
    divisor = sum(not item.is_extra for item in counted)
    if len(terms) > 1:
        written = f"({' + '.join(terms)}) ÷ {divisor or 1}"
        return f"min(1, {written})" if category.uncapped > 1 else written
    return terms[0] if terms else "0"


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
