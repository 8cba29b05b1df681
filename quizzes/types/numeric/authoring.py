"""`answer: "0.25"`, `tolerance: "0.01"`, `relative: false`, `unit:`; numbers are quoted texts."""

from collections.abc import Callable
from decimal import Decimal

from course.rules.refusals import Refusal
from quizzes.types.authored import Authored, Reader, Source, shown
from quizzes.types.numeric.marking import parse

FIELDS = frozenset({"answer", "tolerance", "relative", "unit"})


def compile(source: Source, render: Callable[[str], str]) -> Authored:
    """Body `{unit, tolerance, relative}`, key `{answer, tolerance, relative}`."""
    reader = Reader(source)
    answer = _number(reader, "answer")
    tolerance = _number(reader, "tolerance") if source.get("tolerance") is not None else "0"
    is_relative = reader.flag("relative")
    unit = reader.text("unit") if source.get("unit") is not None else ""
    if tolerance.startswith("-"):
        reader.report(("tolerance",), "cannot be negative")
    if is_relative and answer == "0":
        reader.report(("relative",), "allows nothing where the answer is 0: give an absolute tolerance")
    margin = {"tolerance": tolerance, "relative": is_relative}
    return Authored(
        body={"unit": unit, **margin},
        key={"answer": answer, **margin},
        problems=tuple(reader.problems),
    )


def _number(reader: Reader, field: str) -> str:
    """A number as text, whole or Decimal; a float is already rounded when it arrives."""
    value = reader.at((field,))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    try:
        return parse(value, {})
    except Refusal:
        reader.report((field,), f'needs a number in quotes, such as "0.25", not {shown(value)}')
        return "0"
