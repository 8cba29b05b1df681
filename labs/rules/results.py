"""What a run's tests mean: passed or not, points, and when the model solution may be seen."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

HONEST_TRIES = 3

type Rows = Sequence[dict[str, Any]]


def has_passed(tests: Rows | None) -> bool:
    return bool(tests) and all(row["verdict"] == "passed" for row in tests or ())


def points_earned(tests: Rows | None) -> Decimal:
    return sum((Decimal(row.get("points", 0)) for row in tests or () if row["verdict"] == "passed"), Decimal(0))


def may_show_solution(*, finished_tests: int, passed: bool) -> bool:
    return passed or finished_tests >= HONEST_TRIES
