"""The bank of a question that draws its values: its variants, each as an author would have written it by hand.

The same source and seed give the same bank. Nothing here reads a clock, a file or a random number.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from questions.variants.drawing import draw_values
from questions.variants.evaluating import Evaluation
from questions.variants.expressions import Expression
from questions.variants.filling import FillableText, FillingFault, Placeholder, fill, key_value
from questions.variants.stored import StoredKeys
from questions.variants.templates import (
    DRAWN_FIELDS,
    KeyPath,
    QuestionTemplate,
    TemplateProblem,
    TemplateStep,
    key_expressions,
    read_template,
)
from questions.variants.values import ExpressionFault, ExpressionValue, entries_of, significant_digits, value_text

SEEDS_TRIED = 1000  # draws on which every key is confirmed
MOST_DRAWS = 5000
MOST_DRAWS_IN_VAIN = 600  # in a row, before we conclude that all have been drawn
MOST_WORK_OF_BANK = 1_000_000
USUAL_DIGITS = 6  # of a number, if `effort` does not say otherwise
LONGEST_VALUES = 160  # characters in a message
TRUTHS = ("right", "last", "relative")  # fields that are true or false


@dataclass(frozen=True)
class FilledVariant:
    """One variant. `source` is the plain question; `confirmed` is the key by `check`, or None without one.

    `drawn` are the values that a second formula may read.
    """

    number: int
    values: dict[str, str]
    source: dict[str, Any]
    confirmed: ExpressionValue | None
    steps: int
    digits: int
    drawn: Mapping[str, ExpressionValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Bank:
    """The variants to publish, and all draws on which the key must be confirmed; these begin with the variants."""

    variants: tuple[FilledVariant, ...] = ()
    tried: tuple[FilledVariant, ...] = ()
    problems: tuple[TemplateProblem, ...] = ()


class _BankFault(Exception):
    def __init__(self, problem: TemplateProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class _Drawing:
    """The draws of one bank: why some were refused, and how much work all of them took."""

    template: QuestionTemplate
    seed: str
    refused: Counter[str] = field(default_factory=Counter)
    seen: dict[tuple[ExpressionValue, ...], str] = field(default_factory=dict)  # by drawn values: what refused them
    work: int = 0
    draws: int = 0

    def refuse(self, reason: str) -> None:
        if reason:
            self.refused[reason] += 1


def bank(source: Mapping[str, Any], *, seed: str, count: int | None = None) -> Bank:
    """Return the bank of a question, or what is wrong with its template. `count` replaces the number of `variants`."""
    template = read_template(source)
    if template.problems:
        return Bank(problems=tuple(template.problems))
    wanted = count or template.count
    drawing = _Drawing(template, seed)
    try:
        tried = tuple(_variants(drawing, max(wanted, SEEDS_TRIED)))
    except _BankFault as fault:
        return Bank(problems=(fault.problem,))
    variants = tried[:wanted]
    problems = (*_too_few(drawing, len(tried), wanted), *_outliers(template, tried))
    return Bank(variants, tried, problems)


def values_in_words(values: Mapping[str, str]) -> str:
    """Return values as messages quote them: n = 3, w = [1, 2]."""
    words = ", ".join(f"{name} = {text}" for name, text in values.items())
    return words if len(words) <= LONGEST_VALUES else f"{words[: LONGEST_VALUES - 1]}…"


def _variants(drawing: _Drawing, most: int) -> Iterator[FilledVariant]:
    """Yield different variants until there are enough, or nothing new comes."""
    seen: set[str] = set()
    in_vain = 0
    stored = drawing.template.draws_in_all
    in_all = MOST_DRAWS if stored is None else stored
    while len(seen) < most and (in_vain < MOST_DRAWS_IN_VAIN or stored) and drawing.draws < in_all:
        variant = _next_variant(drawing, len(seen) + 1)
        in_vain += 1
        if variant is None:
            continue
        text = json.dumps(variant.source, sort_keys=True, default=str)
        if text not in seen:
            seen.add(text)
            in_vain = 0
            yield variant


def _next_variant(drawing: _Drawing, number: int) -> FilledVariant | None:
    """Return the variant of the next draw, or None if a condition or the bounds of effort refuse it."""
    template = drawing.template
    drawing.draws += 1
    try:
        drawn = draw_values(template.draws, drawing.seed, drawing.draws)
    except ExpressionFault as fault:
        raise _BankFault(TemplateProblem(("draw",), f"“draw”: {fault.message}")) from None
    identity = tuple(drawn.values())
    if identity in drawing.seen:  # the same values give the same variant, or are refused again
        drawing.refuse(drawing.seen[identity])
        return None
    drawing.seen[identity] = ""
    evaluation = Evaluation(drawn)
    try:
        steps = _compute(template, evaluation)
        if steps is None:
            drawing.seen[identity] = "where"
            drawing.refuse("where")
            return None
        variant = _filled_variant(template, evaluation, number, steps)
    except _BankFault as fault:
        drawn_values = values_in_words({name: value_text(value) for name, value in drawn.items()})
        raise _BankFault(replace(fault.problem, message=f"{fault.problem.message}, for {drawn_values}")) from None
    drawing.work += evaluation.work
    if drawing.work > MOST_WORK_OF_BANK:
        raise _BankFault(TemplateProblem(("draw",), "this question takes too many steps to draw its variants"))
    for name, bounds in template.effort.items():
        if getattr(variant, name) not in bounds:
            drawing.seen[identity] = name
            drawing.refuse(name)
            return None
    return variant


def _compute(template: QuestionTemplate, evaluation: Evaluation) -> int | None:
    """Compute the values of a variant. Return the steps that its key needs, or None if a condition is false."""
    needed = 0
    for step in template.steps:
        before = evaluation.steps
        try:
            if not step.name:
                if not evaluation.is_true(step.expression):
                    return None
                continue
            evaluation.values[step.name] = evaluation.of(step.expression)
        except ExpressionFault as fault:
            raise _step_fault(step, fault) from None
        if step.name in template.needed:
            needed += evaluation.steps - before
    return needed


def _step_fault(step: TemplateStep, fault: ExpressionFault) -> _BankFault:
    return _BankFault(TemplateProblem(step.path, f"“{step.expression.text.strip()}”: {fault.sentence}"))


def _filled_variant(template: QuestionTemplate, evaluation: Evaluation, number: int, steps: int) -> FilledVariant:
    own = {name: value for name, value in template.source.items() if name not in DRAWN_FIELDS}
    source = {name: _filled(template, evaluation, (name,), value) for name, value in own.items()}
    read = template.draws.keys() - template.drawn_keys
    drawn = {name: value for name, value in evaluation.values.items() if name in read}
    try:
        confirmed = _confirmed(template, evaluation, drawn)
    except ExpressionFault as fault:
        raise _BankFault(TemplateProblem(("check",), f"“check”: {fault.sentence}")) from None
    answer = Evaluation(evaluation.values)
    numbers = [answer.of(expression) for expression in key_expressions(template)]
    numbers += [value for name, value in evaluation.values.items() if name in template.draws or name in template.needed]
    values = {name: value_text(value) for name, value in evaluation.values.items()}
    return FilledVariant(number, values, source, confirmed, steps + answer.steps, _most_digits(numbers), drawn)


def _most_digits(values: list[ExpressionValue]) -> int:
    numbers = [entry for value in values for entry in entries_of(value) if isinstance(entry, Fraction)]
    return max(map(significant_digits, numbers), default=1)


def _filled(template: QuestionTemplate, evaluation: Evaluation, path: KeyPath, value: Any) -> Any:
    """Return a value of the question with its texts filled. What has nothing to fill stays the same object."""
    if path not in template.filled:
        return value
    if isinstance(value, Mapping):
        return {name: _filled(template, evaluation, (*path, name), inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(template, evaluation, (*path, row), inner) for row, inner in enumerate(value)]
    text = template.texts[path]
    try:
        return _filled_text(text, evaluation, path)
    except ExpressionFault as fault:
        row = fault.row if isinstance(fault, FillingFault) else 0
        raise _BankFault(TemplateProblem(path, fault.sentence, row)) from None


def _filled_text(text: FillableText, evaluation: Evaluation, path: KeyPath) -> object:
    """Return a text, or in a key the value itself: true or false, a whole shape, or the size of one axis."""
    whole = text.whole
    if whole is None or _has_format(whole) or not ("answer" in path or path[-1] in TRUTHS):
        return fill(text, evaluation)
    value = evaluation.of(whole.expression)
    if isinstance(path[-1], int) and isinstance(value, Fraction) and value.denominator == 1:
        return int(value)
    return key_value(value)


def _has_format(placeholder: Placeholder) -> bool:
    return bool(placeholder.sign or placeholder.is_grouped or placeholder.form or placeholder.places is not None)


def _confirmed(
    template: QuestionTemplate, evaluation: Evaluation, drawn: Mapping[str, ExpressionValue]
) -> ExpressionValue | None:
    match template.check:
        case StoredKeys() as keys:
            return keys.key_of(drawn)
        case Expression() as expression:
            return evaluation.of(expression)
        case FillableText() as text:
            return fill(text, evaluation)
    return template.check


def _too_few(drawing: _Drawing, drawn: int, wanted: int) -> Iterator[TemplateProblem]:
    if drawn >= wanted:
        return
    refused = ", ".join(f"“{name}” refused {number:,}" for name, number in drawing.refused.items())
    yield TemplateProblem(
        ("draw",),
        f"only {drawn} different variants came of {drawing.draws:,} draws, and {wanted} are needed"
        f"{f' ({refused})' if refused else ''}: draw from more values, or write a smaller number as “variants”",
    )


def _outliers(template: QuestionTemplate, tried: tuple[FilledVariant, ...]) -> Iterator[TemplateProblem]:
    """Yield variants that take much more work than others, unless `effort` bounds this already."""
    if not tried:
        return
    longest, most, least = (
        max(tried, key=lambda variant: variant.digits),
        max(tried, key=lambda variant: variant.steps),
        min(tried, key=lambda variant: variant.steps),
    )
    if "digits" not in template.effort and longest.digits > USUAL_DIGITS:
        yield TemplateProblem(
            ("draw",),
            f"a number has {longest.digits} digits for {values_in_words(longest.values)}: draw smaller or rounder numbers, or "
            f"bound them, as in “effort: {{digits: 1..{USUAL_DIGITS}}}”",
        )
    if "steps" not in template.effort and most.steps > 2 * least.steps + 2:
        yield TemplateProblem(
            ("draw",),
            f"a variant takes from {least.steps} steps ({values_in_words(least.values)}) to {most.steps} steps "
            f"({values_in_words(most.values)}): bound them, as in “effort: {{steps: {most.steps // 2}..{most.steps}}}”",
        )
