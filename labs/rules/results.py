"""What a run's tests mean: passed or not, points, and when the model solution may be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

HONEST_TRIES = 3

type Rows = Sequence[dict[str, Any]]


def has_passed(tests: Rows | None) -> bool:
    return bool(tests) and all(row["verdict"] == "passed" for row in tests or ())


def points_earned(tests: Rows | None) -> Decimal:
    return sum((Decimal(row.get("points", 0)) for row in tests or () if row["verdict"] == "passed"), Decimal(0))


@dataclass(frozen=True)
class Reached:
    """What a learner's test runs of a lab are worth, in points; `missing` are those of the tests that did not pass."""

    earned: Decimal
    possible: Decimal
    missing: tuple[Decimal, ...]


def reached(runs: Iterable[Rows]) -> Reached | None:
    """The best of finished test runs, as its own tests counted it, so that nothing that was reached is lost.

    Of two that are as good, the one of more points. None without any run.
    """
    return max((_worth(tests) for tests in runs), key=_quality, default=None)


def _worth(tests: Rows) -> Reached:
    missing = tuple(Decimal(row["points"]) for row in tests if row["verdict"] != "passed")
    earned = points_earned(tests)
    return Reached(earned, earned + sum(missing, Decimal(0)), missing)


def _quality(found: Reached) -> tuple[Fraction, Decimal]:
    return Fraction(found.earned) / Fraction(found.possible or 1), found.earned


def may_show_solution(*, finished_tests: int, passed: bool) -> bool:
    return passed or finished_tests >= HONEST_TRIES
