"""Exercises that a lesson's page checks in place: predictions of what a listing prints, and hidden tests of code."""

import ast
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from course.markup.expectations import Expectation


@dataclass(frozen=True)
class Prediction:
    """The value that a listing prints after `name`, which readers predict before they run the listing.

    `tolerance` is None if the answer must match. Without `choices`, readers type their answer.
    """

    name: str
    answer: str
    tolerance: Decimal | None = None
    choices: tuple[str, ...] = ()


def read_prediction(
    name: str, choices: str, expect: Sequence[Expectation] | None
) -> tuple[Prediction | None, tuple[str, ...]]:
    """Return the prediction that a listing asks for, and the mistakes in it."""
    offered = tuple(part.strip() for part in choices.split(";") if part.strip())
    expected = next(_answers(name, expect or ()), None)
    if expected is None:
        return None, (f"predict names “{name}”, but expect does not say what the listing prints after this word.",)
    prediction = Prediction(name, expected[0], expected[1], offered)
    return prediction, tuple(_wrong_choices(prediction)) if choices else ()


def _answers(name: str, expect: Sequence[Expectation]) -> Iterator[tuple[str, Decimal | None]]:
    for expectation in expect:
        first, _, rest = expectation.text.partition(" ")
        if expectation.name == name:
            yield expectation.number, expectation.tolerance
        elif first == name and rest.strip():
            yield rest.strip(), None


def _wrong_choices(prediction: Prediction) -> Iterator[str]:
    choices = prediction.choices
    if len(choices) < 2 or len({*choices}) < len(choices):
        yield "choices are two or more different answers, separated by semicolons."
    if prediction.answer not in choices:
        yield f"the choices do not contain what the listing prints, “{prediction.answer}”."


def prediction_html(prediction: Prediction) -> str:
    """Return the question, the choices, and the answer, which a reader without JavaScript opens."""
    near = "" if prediction.tolerance is None else f' data-tolerance="{prediction.tolerance}"'
    choices = "".join(f"<li><code>{html.escape(choice)}</code></li>" for choice in prediction.choices)
    return (
        f"<div data-prediction{near}><p>Before you run it: what will this listing print after "
        f"<code>{html.escape(prediction.name)}</code>?</p>{f'<ul>{choices}</ul>' if choices else ''}"
        f"<details><summary>Answer</summary><p><code>{html.escape(prediction.answer)}</code></p></details></div>"
    )


def wrong_test(source: str) -> Iterator[str]:
    """Yield the mistakes in a hidden test: it consists of statements with at least one assert, each with a sentence."""
    asserts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    if not asserts:
        yield "a hidden test has at least one assert."
    if not all(isinstance(assertion.msg, ast.Constant | ast.JoinedStr) for assertion in asserts):
        yield "each assert of a hidden test says in a sentence what is wrong: assert condition, “sentence”."
