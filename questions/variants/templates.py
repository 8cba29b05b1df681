"""Read what a question says about its variants: `draw`, `let`, `where`, `check`, `effort`, and the texts to fill.

Everything that can be known without drawing is reported here: unknown names, wrong expressions, values that nothing uses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from questions.variants.drawing import DrawnValue, plain_value, read_drawn
from questions.variants.evaluating import names_missing
from questions.variants.expressions import Expression, is_free_name, parse_expression
from questions.variants.filling import FillableText, FillingFault, read_fillable
from questions.variants.stored import StoredDraws, StoredKeys
from questions.variants.values import ExpressionFault, ExpressionValue

type KeyPath = tuple[str | int, ...]
type Compared = Expression | FillableText | StoredKeys | ExpressionValue  # what `check` says

DRAWN_FIELDS = ("draw", "let", "where", "check", "effort", "variants")
NEVER_FILLED = frozenset({"id", "type", "objective", "level", "difficulty", "points", "computed", "taught_in"})
MEASURES = ("steps", "digits")
USUAL_NUMBER = 50
FEWEST, MOST = 2, 200  # variants of a question
MOST_NAMES = 40
MOST_CONDITIONS = 40
EFFORT = re.compile(r"(\d{1,3})(?:\s*\.\.\s*(\d{1,3}))?", re.ASCII)


@dataclass(frozen=True)
class TemplateProblem:
    """A mistake at a field of the question. `row` is the line in a text of several lines, from 0."""

    path: KeyPath
    message: str
    row: int = 0


@dataclass(frozen=True)
class TemplateStep:
    """One step of computing a variant: a value to compute, or without a `name` a condition that must be true."""

    path: KeyPath
    expression: Expression
    name: str = ""


@dataclass
class QuestionTemplate:
    """A question whose texts are filled for each draw. `needed` are the computed values that the key depends on."""

    source: Mapping[str, Any]
    draws: dict[str, DrawnValue] = field(default_factory=dict)
    steps: list[TemplateStep] = field(default_factory=list)
    texts: dict[KeyPath, FillableText] = field(default_factory=dict)
    check: Compared | None = None
    effort: dict[str, range] = field(default_factory=dict)
    count: int = USUAL_NUMBER
    needed: frozenset[str] = frozenset()
    filled: frozenset[KeyPath] = frozenset()  # the paths of all texts, and of what they are in
    problems: list[TemplateProblem] = field(default_factory=list)

    def report(self, path: KeyPath, message: str, row: int = 0) -> None:
        self.problems.append(TemplateProblem(path, message, row))

    def declared(self, *groups: str) -> dict[str, object]:
        """Return every name that `draw` or `let` gives to a value, also to one that has a mistake."""
        written = (self.source.get(group) for group in groups)
        return {name: value for group in written if isinstance(group, Mapping) for name, value in group.items()}

    @property
    def draws_in_all(self) -> int | None:
        """Return how many draws are stored, None if any number can be drawn."""
        stored = (len(drawn.values) for drawn in self.draws.values() if isinstance(drawn, StoredDraws))
        return next(stored, None)

    @property
    def drawn_keys(self) -> frozenset[str]:
        """Return the values of an author's function that are the key as they are. A second formula must not read those."""
        whole = {expression.text.strip() for expression in key_expressions(self)}
        return frozenset(name for name, drawn in self.draws.items() if isinstance(drawn, StoredDraws) and name in whole)

    @property
    def computed(self) -> dict[str, TemplateStep]:
        return {step.name: step for step in self.steps if step.name}


def draws_values(source: object) -> bool:
    """Return whether a question's source says that it draws its values."""
    return isinstance(source, Mapping) and source.get("draw") is not None


def read_template(source: Mapping[str, Any]) -> QuestionTemplate:
    """Read a question with `draw`. Use it only if it has no problems."""
    template = QuestionTemplate(source)
    _read_draws(template)
    _read_steps(template)
    _read_texts(template)
    _read_check(template)
    _read_effort(template)
    count = source.get("variants", USUAL_NUMBER)
    template.count = count if isinstance(count, int) and FEWEST <= count <= MOST else USUAL_NUMBER
    template.needed = frozenset(_needed(template))
    template.filled = frozenset(path[:length] for path in template.texts for length in range(1, len(path) + 1))
    if not template.problems:
        _refuse_unused(template)
    return template


def key_expressions(template: QuestionTemplate) -> Iterator[Expression]:
    """Yield the expressions in what makes the key: the answer, or the options that are right."""
    for path, text in template.texts.items():
        if _is_of_key(template.source, path):
            yield from (placeholder.expression for placeholder in text.placeholders)


def _is_of_key(source: Mapping[str, Any], path: KeyPath) -> bool:
    if path[0] != "options":
        return path[0] in ("answer", "answers", "items", "pairs")
    right = source["options"][path[1]].get("right") if len(path) == 3 else None
    return path[-1] == "right" or (path[-1] == "text" and right not in (None, False))


def _read_draws(template: QuestionTemplate) -> None:
    for name, written in _entries(template, "draw", MOST_NAMES):
        if not is_free_name(name):
            template.report(("draw", name), f"“{name}” cannot be the name of a value: use letters, digits and single _")
            continue
        try:
            drawn = read_drawn(written)
        except ExpressionFault as fault:
            template.report(("draw", name), f"“{name}” {fault.message}")
            continue
        for unknown in sorted(drawn.names - set(template.draws)):
            template.report(("draw", name), f"“{unknown}” is not drawn before “{name}”")
        template.draws[name] = drawn


def _read_steps(template: QuestionTemplate) -> None:
    """Read computed values in order, and put each condition as early as its values are known."""
    conditions = list(_read_conditions(template))
    known: dict[str, object] = template.declared("draw")
    conditions = _ready(template, conditions, known)
    for name, written in _entries(template, "let", MOST_NAMES):
        if not is_free_name(name) or name in template.draws:
            template.report(("let", name), f"“{name}” cannot be the name of a computed value")
            continue
        expression = _parsed(template, ("let", name), written, known)
        known[name] = expression
        if expression is not None:
            template.steps.append(TemplateStep(("let", name), expression, name))
        conditions = _ready(template, conditions, known)
    for path, expression in conditions:
        for name in names_missing(expression, template.declared("draw", "let")):
            template.report(path, f"“{expression.text}”: “{name}” is not a value of this question")


def _ready(
    template: QuestionTemplate, conditions: list[tuple[KeyPath, Expression]], known: Mapping[str, object]
) -> list[tuple[KeyPath, Expression]]:
    """Add the conditions whose values are known, and return the others."""
    for path, expression in conditions:
        if expression.names <= set(known):
            template.steps.append(TemplateStep(path, expression))
    return [(path, expression) for path, expression in conditions if not expression.names <= set(known)]


def _read_conditions(template: QuestionTemplate) -> Iterator[tuple[KeyPath, Expression]]:
    written = template.source.get("where")
    rows = [] if written is None else written if isinstance(written, list) else [written]
    if len(rows) > MOST_CONDITIONS:
        template.report(("where",), f"“where” has at most {MOST_CONDITIONS} conditions")
    for row, text in enumerate(rows[:MOST_CONDITIONS]):
        path = ("where", row) if isinstance(written, list) else ("where",)
        expression = _parsed(template, path, text, None)
        if expression is not None:
            yield path, expression


def _parsed(
    template: QuestionTemplate, path: KeyPath, written: object, known: Mapping[str, object] | None
) -> Expression | None:
    """Return the expression that a field holds, and report what is wrong with it; `known` are the names it may read."""
    if isinstance(written, int | Decimal):
        written = str(written)
    if not isinstance(written, str):
        template.report(path, "needs an expression, such as a + b")
        return None
    try:
        expression = parse_expression(written)
    except ExpressionFault as fault:
        template.report(path, f"“{written.strip()[:80]}”: {fault.sentence}")
        return None
    for name in names_missing(expression, known) if known is not None else ():
        template.report(path, f"“{written.strip()}”: “{name}” is not a value that is drawn or computed before")
    return expression


def _entries(template: QuestionTemplate, name: str, most: int) -> list[tuple[str, object]]:
    written = template.source.get(name)
    if written is None:
        return []
    if not isinstance(written, Mapping) or not written or len(written) > most:
        template.report((name,), f"“{name}” needs from 1 to {most} names with values")
        return []
    return list(written.items())


def _read_texts(template: QuestionTemplate) -> None:
    for path, text in _texts_in(template.source, ()):
        try:
            fillable = read_fillable(text)
        except FillingFault as fault:
            template.report(path, fault.message, fault.row)
            continue
        for placeholder in fillable.placeholders:
            for name in sorted(placeholder.expression.names - template.declared("draw", "let").keys()):
                template.report(path, f"“{name}” is not a value of this question", placeholder.row)
        if fillable.placeholders:
            template.texts[path] = fillable


def _texts_in(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    pairs: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, Mapping):
        pairs = ((name, inner) for name, inner in value.items() if path or name not in {*NEVER_FILLED, *DRAWN_FIELDS})
    elif isinstance(value, list):
        pairs = enumerate(value)
    for name, inner in pairs:
        yield from _texts_in(inner, (*path, name))


def _read_check(template: QuestionTemplate) -> None:
    """Read the second formula of the key. It may read only what is drawn, so that it does not repeat the first one."""
    written = template.source.get("check")
    names: set[str] = set()
    try:
        if isinstance(written, StoredKeys):
            template.check = written
        elif isinstance(written, str) and "{{ " in written:
            template.check = read_fillable(written)
            names = {name for placeholder in template.check.placeholders for name in placeholder.expression.names}
        elif isinstance(written, str):
            template.check = parse_expression(written)
            names = set(template.check.names)
        else:
            template.check = None if written is None else plain_value(written)
    except ExpressionFault as fault:
        template.report(("check",), f"“check”: {fault.sentence}")
        return
    for name in sorted(names - template.declared("draw").keys()):
        template.report(("check",), f"“check” computes the key from the drawn values only, and “{name}” is not drawn")
    for name in sorted(names & template.drawn_keys):
        template.report(("check",), f"“check” computes the key in another way, and “{name}” is the key already")


def _read_effort(template: QuestionTemplate) -> None:
    written = template.source.get("effort")
    for name, bounds in written.items() if isinstance(written, Mapping) else ():
        match = EFFORT.fullmatch(str(bounds).strip())
        if name not in MEASURES:
            template.report(("effort", name), f"“{name}” is not a measure of effort ({', '.join(MEASURES)})")
        elif match is None or int(match[1]) > int(match[2] or match[1]):
            template.report(("effort", name), f"“{name}” needs bounds, such as 2..5")
        else:
            template.effort[name] = range(int(match[1]), int(match[2] or match[1]) + 1)


def _needed(template: QuestionTemplate) -> Iterator[str]:
    """Yield the computed values that the key depends on."""
    computed = template.computed
    waiting = [name for expression in key_expressions(template) for name in expression.names]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in computed and name not in seen:
            seen.add(name)
            yield name
            waiting += computed[name].expression.names


def _refuse_unused(template: QuestionTemplate) -> None:
    """Report drawn and computed values that no text and no other value reads."""
    read = {name for step in template.steps for name in step.expression.names}
    read |= {name for drawn in template.draws.values() for name in drawn.names}
    for text in template.texts.values():
        read |= {name for placeholder in text.placeholders for name in placeholder.expression.names}
    for group, names in (("draw", template.draws), ("let", template.computed)):
        for name in names:
            if name not in read:
                template.report((group, name), f"nothing uses “{name}”")
