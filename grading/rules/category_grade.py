"""An item and a category of a learner's grade, as every page, endpoint and export shows them (D4)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class ItemGrade:
    """One item as shown: `points_open` can still be won, `points_lost` cannot.

    `points_short` is how many points are missing to its category's line. `points_late` is how many points right answers
    lost because they were late (D34). `answered` is what the questions answered so far are worth.
    """

    activity: str
    url_name: str
    kind: str
    title: str
    category: str
    percent: str
    points_earned: str
    points_possible: str
    points_open: str
    points_lost: str
    points_short: str
    pass_percent: str
    state: str
    is_above_line: bool
    is_extra: bool = False
    is_dropped: bool = False
    is_exempt: bool = False
    points_late: str = "0"
    answered: Decimal = Decimal(0)


@dataclass(frozen=True)
class CategoryGrade:
    """One weighted category of a learner's grade. An extra category adds to the others' 100 % (D30).

    `drop_lowest` is how many of the lowest items do not count (D29); `mean_of` how many items the mean counts.
    `is_exempt`: the learner is exempt from all of its items, so the others share its weight (D31). `is_over`: nothing in it
    can change the grade any more. `share` is the percent of the overall grade that it decides.
    `answered_percent` counts only the questions answered so far; it is None before the first attempt. `exact` is the
    unrounded fraction that the category adds to the overall grade; `weighted_percent` shows it.
    """

    key: str
    title: str
    of: str
    weight: str
    percent: str
    pass_percent: str
    answered_percent: str | None
    weighted_percent: str
    exact: Fraction
    is_above_line: bool
    items: tuple[ItemGrade, ...]
    drop_lowest: int = 0
    is_extra: bool = False
    mean_of: int = 0
    is_exempt: bool = False
    is_over: bool = False
    share: Fraction = Fraction(0)

    @property
    def extra_items(self) -> list[ItemGrade]:
        return [item for item in self.items if item.is_extra]

    @property
    def late_items(self) -> list[ItemGrade]:
        return [item for item in self.items if item.points_late != "0" and not item.is_exempt]

    @property
    def dropped_items(self) -> list[ItemGrade]:
        """Return the items to name as dropped: none before the first answer or point, because all are equal then."""
        return [item for item in self.items if item.is_dropped and (self.answered_percent or self.percent != "0.0")]
