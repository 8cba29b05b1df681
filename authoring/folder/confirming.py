"""Confirm the key of each variant by the author's second formula, `check`, and refuse options that say the same number.

What a formula gives is compared with the key in the way of the question's type. Matching has no such formula.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from questions import types
from questions.refusals import Refusal
from questions.types.authored import Authored, SourcePath
from questions.variants import FilledVariant, TemplateProblem, bank, values_in_words
from questions.variants.values import ExpressionValue, value_text
from quizzes.rules.variants import MOST_RESERVED

WITHOUT_CHECK = frozenset({"matching"})
NUMBER = re.compile(r"\$?\s*([-\u2212]?[\d,]*\.?\d+)\s*\$?")
UNKNOWN_SIZE = Fraction(-1)  # what a formula gives for null in a shape
LONGEST_NUMBER = 40  # characters of an option that is compared as a number
KEPT = 256  # questions whose variants a process keeps

type Confirm = Callable[[types.QuestionType, ExpressionValue, Authored], bool]


@dataclass(frozen=True)
class DrawnQuestion:
    """The variants to publish, and some more that differ from all of them; or what is wrong with the question."""

    variants: tuple[FilledVariant, ...]
    problems: tuple[TemplateProblem, ...]
    reserve: tuple[FilledVariant, ...] = ()


@dataclass(frozen=True)
class _Written:
    """A question's source, compared by what it says."""

    text: str
    source: Mapping[str, Any] = field(compare=False)


def drawn_question(source: Mapping[str, Any]) -> DrawnQuestion:
    """Return the variants of a question that draws its values, once every key was confirmed.

    The id of the question is the seed. So another wording leaves the values as they are.
    """
    return _drawn(_Written(repr(source), source))


@lru_cache(maxsize=KEPT)
def _drawn(written: _Written) -> DrawnQuestion:
    source = written.source
    made = bank(source, seed=str(source.get("id")))
    problems = made.problems
    if not problems and source.get("check") is None and source["type"] not in WITHOUT_CHECK:
        text = "“check” is missing: a second formula, which computes the key from the drawn values in another way"
        problems = (TemplateProblem(("draw",), text),)
    if not problems:
        kind = types.get(source["type"])
        problem = next((problem for variant in made.tried if (problem := _problem_of(kind, variant))), None)
        problems = (problem,) if problem else ()
    if problems:
        return DrawnQuestion((), problems)
    return DrawnQuestion(made.variants, (), made.tried[len(made.variants) :][:MOST_RESERVED])


def _problem_of(kind: types.QuestionType, variant: FilledVariant) -> TemplateProblem | None:
    """Return what is wrong with one variant: as with a question written by hand, equal numbers, or a key in doubt."""
    authored = kind.compile(variant.source, str)
    quoted = f"for {values_in_words(variant.values)}"
    for problem in authored.problems:
        return TemplateProblem(problem.path, f"{named_path(problem.path)} {problem.message}, {quoted}")
    if (row := _equal_number(authored)) is not None:
        return TemplateProblem(("options", row), f"two options are the same number, {quoted}")
    if variant.confirmed is None:
        return None
    if kind.name not in CONFIRMS:
        return TemplateProblem(("check",), f"questions of the type {kind.name} have no “check”")
    try:
        is_confirmed = CONFIRMS[kind.name](kind, variant.confirmed, authored)
    except (TypeError, ValueError, Refusal):
        is_confirmed = False
    if is_confirmed:
        return None
    return TemplateProblem(("check",), f"“check” gives {value_text(variant.confirmed)}, which is not the key, {quoted}")


def named_path(path: SourcePath) -> str:
    """Return the path as an author would write it: options[1].right."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _equal_number(authored: Authored) -> int | None:
    """Return the row of an option that is the same number as an earlier one, in another form."""
    texts = [option["source"] for option in authored.body.get("options", ())]
    matches = [NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None for text in texts]
    numbers = [Fraction(match[1].replace(",", "").replace("\u2212", "-")) if match else None for match in matches]
    return next((row for row, number in enumerate(numbers) if number is not None and number in numbers[:row]), None)


def _confirm_number(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    return isinstance(value, Fraction) and kind.is_right(str(value), authored.key)


def _confirm_truth(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    return isinstance(value, bool) and kind.is_right(value, authored.key)


def _confirm_shape(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    sizes = value if isinstance(value, tuple) else ()
    if not all(isinstance(size, Fraction) and size.denominator == 1 for size in sizes):
        return False
    response = [None if size == UNKNOWN_SIZE else int(size) for size in sizes if isinstance(size, Fraction)]
    return isinstance(value, tuple) and kind.is_right(response, authored.key)


def _confirm_option(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    right = [option["source"] for option in authored.body["options"] if option["id"] in authored.key["right"]]
    return right == [value_text(value).strip()]


def _confirm_options(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    return value == tuple(option["id"] in authored.key["right"] for option in authored.body["options"])


def _confirm_text(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    return kind.is_right(kind.parse(value_text(value), authored.body), authored.key)


def _confirm_order(kind: types.QuestionType, value: ExpressionValue, authored: Authored) -> bool:
    texts = {item["id"]: item["source"] for item in authored.body["items"]}
    ordered = [value_text(part) for part in value] if isinstance(value, tuple) else []
    return [texts[item_id] for item_id in authored.key["right"]] == ordered


CONFIRMS: Mapping[str, Confirm] = {
    "numeric": _confirm_number,
    "true_false": _confirm_truth,
    "tensor_shape": _confirm_shape,
    "single_choice": _confirm_option,
    "multiple_choice": _confirm_options,
    "text": _confirm_text,
    "ordering": _confirm_order,
}
