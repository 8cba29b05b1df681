"""Write one question into a list of questions, or remove it. The bytes of the other questions stay."""

import re
from collections.abc import Mapping

from authoring.folder.document import read_document
from authoring.folder.settings import differences
from authoring.folder.writing import as_yaml_block, with_value

type QuestionRow = Mapping[str, object]


def question_rows(text: str) -> list[QuestionRow] | None:
    """Return the questions that a text lists, or None if it is not a list of mappings."""
    data = [] if not text.strip() else read_document(text).data
    fits = isinstance(data, list) and all(isinstance(row, dict) for row in data)
    return data if fits else None


def with_question(text: str, index: int, row: QuestionRow) -> str | None:
    """Return a text whose question at `index` says this. The index after the last one adds a question.

    Return None if the text is written in a form that cannot be changed like this.
    """
    rows = question_rows(text)
    if rows is None:
        return None
    if index >= len(rows):
        return _with_new(text, rows, row)
    for keys, value in differences(rows[index], row, (index,)):
        made = with_value(text, keys, value)
        if made is None:
            return None
        text = made
    return text


def without_question(text: str, index: int) -> str | None:
    """Return a text without the question at `index`, or None as `with_question` does."""
    return with_value(text, (index,), None)


def _with_new(text: str, rows: list[QuestionRow], row: QuestionRow) -> str | None:
    """Add a question as a separate block, as an author would write it."""
    before = text.rstrip() + "\n\n" if rows else _without_empty_list(text)
    made = before + as_yaml_block(row, "- ")
    return made if question_rows(made) == [*rows, row] else None


def _without_empty_list(text: str) -> str:
    """Return what surrounds the list of a text without questions, which are comments."""
    around = re.sub(r"^\[\s*\][ \t]*\n?", "", text, flags=re.MULTILINE).lstrip("\n")
    return around if around.endswith("\n") or not around else f"{around}\n"
