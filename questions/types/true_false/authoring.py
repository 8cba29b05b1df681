"""`answer: true`"""

from collections.abc import Callable

from questions.types.authored import Authored, QuestionSource, Reader, quote_short

FIELDS = frozenset({"answer"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    reader = Reader(source)
    answer = reader.at(("answer",))
    if not isinstance(answer, bool):
        reader.report(("answer",), f"needs true or false, not {quote_short(answer)}")
    return Authored(body={}, key={"answer": answer is True}, problems=tuple(reader.problems))
