"""`answer: [null, 28, 28, 1]`, `near_misses:`"""

from collections.abc import Callable

from questions.refusals import Refusal
from questions.types.authored import Authored, QuestionSource, Reader, quote_short
from questions.types.near_misses import FIELD, compile_near_misses
from questions.types.tensor_shape.marking import is_right, parse

FIELDS = frozenset({"answer", FIELD})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{}`, key `{answer}`, with `whys` if there are near misses."""
    reader = Reader(source)
    key = {"answer": _read_shape(reader, "answer")}
    whys = compile_near_misses(reader, key, lambda row: _read_shape(reader, FIELD, row, "answer"), is_right, render)
    return Authored(body={}, key={**key, "whys": whys} if whys else key, problems=tuple(reader.problems))


def _read_shape(reader: Reader, *path: str | int) -> list[int | None]:
    value = reader.at(path)
    try:
        return parse(value, {})
    except Refusal:
        reader.report(path, f"needs a shape such as [null, 28, 28, 1], not {quote_short(value)}")
        return []
