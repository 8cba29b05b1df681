"""`answer: [null, 28, 28, 1]`"""

from collections.abc import Callable

from quizzes.refusals import Refusal
from quizzes.types.authored import Authored, QuestionSource, Reader, quote_short
from quizzes.types.tensor_shape.marking import parse

FIELDS = frozenset({"answer"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{}`, key `{answer}`."""
    reader = Reader(source)
    value = reader.at(("answer",))
    try:
        answer = parse(value, {})
    except Refusal:
        reader.report(("answer",), f"needs a shape such as [null, 28, 28, 1], not {quote_short(value)}")
        answer = []
    return Authored(body={}, key={"answer": answer}, problems=tuple(reader.problems))
