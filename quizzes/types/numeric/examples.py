"""A response that the key calls right and one that it calls wrong: for the check of a course, and for demos."""

from decimal import Decimal
from typing import Any


def examples(body: dict[str, Any], key: dict[str, Any]) -> tuple[Any, Any]:
    answer, tolerance = Decimal(key["answer"]), Decimal(key["tolerance"])
    allowed = abs(answer) * tolerance if key["relative"] else tolerance
    return str(answer), str(answer + 2 * allowed + 1)
