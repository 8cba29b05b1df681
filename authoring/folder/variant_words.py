"""A variant of a question as `course vary` prints it: its values, the question, the key and the worked solution."""

import json
from collections.abc import Iterator
from textwrap import indent

from questions import types
from questions.types.rows import text_without_markup
from questions.variants import values_in_words
from quizzes.rules.texts import QuestionText, QuestionVariant


def variant_in_words(variant: QuestionVariant) -> str:
    """Return one variant as plain text of several lines."""
    question = variant.question
    kind = types.get(question.type)
    parts = [
        question.prompt.strip(),
        *_listed("options:", _options(question)),
        f"key: {kind.describe_key(question.body, question.secret)}",
        *_listed("near misses:", _near_misses(question)),
        f"solution: {question.explanation.strip()}",
    ]
    return "\n".join([f"{variant.number}. {values_in_words(variant.values)}", indent("\n".join(parts), "   "), ""])


def _listed(title: str, lines: Iterator[str]) -> list[str]:
    """Return a title and the lines below it, or nothing without lines."""
    listed = list(lines)
    return [title, *listed] if listed else []


def _options(question: QuestionText) -> Iterator[str]:
    whys = question.secret.get("whys", {})
    for option in question.body.get("options", ()):
        mark = "+" if option["id"] in question.secret["right"] else "-"
        why = text_without_markup(whys.get(option["id"], ""))
        yield f"{mark} {option['source']}{f' ({why})' if why else ''}"


def _near_misses(question: QuestionText) -> Iterator[str]:
    """Yield each wrong value with its reason; the reasons of options are beside them already."""
    if "options" in question.body:
        return
    kind = types.get(question.type)
    for value, html in question.secret.get("whys", {}).items():
        yield f"- {kind.describe(question.body, json.loads(value))} ({text_without_markup(html)})"
