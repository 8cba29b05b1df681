"""`answers: [..]`, any of which is right; `case: fold` (the default) or `exact`."""

from collections.abc import Callable

from questions.refusals import Refusal
from questions.types.authored import Authored, QuestionSource, Reader, quote_short
from questions.types.text.marking import MAX_LENGTH, parse

FIELDS = frozenset({"answers", "case"})


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    """Return body `{is_case_exact}`, key `{answers, is_case_exact}`."""
    reader = Reader(source)
    answers = [_answer(reader, row) for row in reader.rows("answers", least=1)]
    reader.refuse_doubled(answers, "answers")
    case = source.get("case", "fold")
    if case not in ("fold", "exact"):
        reader.report(("case",), f"needs fold or exact, not {quote_short(case)}")
    return Authored(
        body={"is_case_exact": case == "exact"},
        key={"answers": answers, "is_case_exact": case == "exact"},
        problems=tuple(reader.problems),
    )


def _answer(reader: Reader, row: int) -> str:
    text = reader.text("answers", row)
    try:
        return parse(text, {}) if text else ""
    except Refusal:
        reader.report(("answers", row), f"needs a text of at most {MAX_LENGTH} characters")
        return ""
