"""A correct response and a wrong one, for the demo's accounts and for tests."""

from decimal import Decimal

from questions.types.numeric.marking import NumericBody, NumericKey


def examples(body: NumericBody, key: NumericKey) -> tuple[str, str]:
    answer, tolerance = Decimal(key["answer"]), Decimal(key["tolerance"])
    allowed = abs(answer) * tolerance if key["relative"] else tolerance
    return str(answer), str(answer + 2 * allowed + 1)
