"""`answer: "0.25"`, `tolerance: "0.01"`, `relative: false`, `unit:`; numbers are quoted texts."""

from collections.abc import Callable
from decimal import Decimal

from quizzes.refusals import Refusal
from quizzes.types.authored import Authored, QuestionSource, Reader, quote_short
from quizzes.types.numeric.marking import parse

FIELDS = frozenset({"answer", "tolerance", "relative", "unit"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{unit, tolerance, relative}`, key `{answer, tolerance, relative}`."""
    reader = Reader(source)
    answer = _read_number(reader, "answer")
    tolerance = _read_number(reader, "tolerance") if source.get("tolerance") is not None else "0"
    is_relative = reader.flag("relative")
    unit = reader.text("unit") if source.get("unit") is not None else ""
    if tolerance.startswith("-"):
        reader.report(("tolerance",), "cannot be negative")
    if is_relative and answer == "0":
        reader.report(("relative",), "has no effect when the answer is 0: use an absolute tolerance")
    margin = {"tolerance": tolerance, "relative": is_relative}
    return Authored(
        body={"unit": unit, **margin},
        key={"answer": answer, **margin},
        problems=tuple(reader.problems),
    )


def _read_number(reader: Reader, field: str) -> str:
    """Return a number as text. It may be a whole number or a Decimal; YAML would have rounded a float already."""
    value = reader.at((field,))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    try:
        return parse(value, {})
    except Refusal:
        reader.report((field,), f'needs a number in quotes, such as "0.25", not {quote_short(value)}')
        return "0"
