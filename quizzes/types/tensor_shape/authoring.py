"""`answer: [null, 28, 28, 1]`"""

from collections.abc import Callable

from course.rules.refusals import Refusal
from quizzes.types.authored import Authored, Reader, Source, shown
from quizzes.types.tensor_shape.marking import parse

FIELDS = frozenset({"answer"})


def compile(source: Source, render: Callable[[str], str]) -> Authored:
    """Body `{}`, key `{answer}`."""
    reader = Reader(source)
    value = reader.at(("answer",))
    try:
        answer = parse(value, {})
    except Refusal:
        reader.report(("answer",), f"needs a shape such as [null, 28, 28, 1], not {shown(value)}")
        answer = []
    return Authored(body={}, key={"answer": answer}, problems=tuple(reader.problems))
