"""`answer: "0.25"`, `tolerance: "0.01"`, `relative: false`, `unit:`, `near_misses:`; numbers are quoted texts."""

from collections.abc import Callable
from decimal import Decimal

from questions.refusals import Refusal
from questions.types.authored import Authored, QuestionSource, Reader, quote_short
from questions.types.near_misses import FIELD, compile_near_misses
from questions.types.numeric.marking import is_right, parse

FIELDS = frozenset({"answer", "tolerance", "relative", "unit", FIELD})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{unit, tolerance, relative}`, key `{answer, tolerance, relative}`, with `whys` if there are near misses."""
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
    key = {"answer": answer, **margin}
    whys = compile_near_misses(reader, key, lambda row: _read_number(reader, FIELD, row, "answer"), is_right, render)
    return Authored(
        body={"unit": unit, **margin},
        key={**key, "whys": whys} if whys else key,
        problems=tuple(reader.problems),
    )


def _read_number(reader: Reader, *path: str | int) -> str:
    """Return a number as text. It may be a whole number or a Decimal; YAML would have rounded a float already."""
    value = reader.at(path)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    try:
        return parse(value, {})
    except Refusal:
        reader.report(path, f'needs a number in quotes, such as "0.25", not {quote_short(value)}')
        return "0"
