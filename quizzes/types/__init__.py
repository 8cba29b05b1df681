"""The kinds of questions, one folder each; a folder here is a type, and nothing else names it.

A folder holds
- `marking.py`, pure (no Django):
  `parse(raw, body)` -> canonical response, raising Refusal blank_response or invalid_response for
  anything else it is given; `is_right(response, key)` for a canonical response; `key_for(response)`, the part of a
  key by which that response is the right one (a regrade lays it over the rest).
- `authoring.py`, pure: `FIELDS`, the names that only this type reads in a question's source, and
  `compile(source, render)` -> `Authored`; `render` makes trusted inline HTML of Markdown.
- `presentation.py`: `LABEL`, `from_form(post, name)` -> raw, `context(body, response, key)`,
  `options(body)` for the API, `describe(body, response)` and `describe_key(body, key)` in words.
- `examples.py`, pure: `examples(body, key)` -> a right response and a wrong one.
- `input.html` and `result.html`, both rendered with `name` and `card`:
  `{% include question.type_of.input_template with name=… card=… only %}`.

`body` is public JSON, `key` secret JSON, both made by `compile` and stored in a version.
`response` may be any stored draft: presentation shows what it understands of it.

Form fields. `name` is unique in the page ("q-" and the question's id); it is the field itself for
scalar types and checkboxes, and the prefix of one field per row elsewhere: "<name>-<row id>"
(matching: the chosen right id; ordering: the place, from 1). The page gives the prompt's element
the id "<name>-prompt", which labels the controls; the question's own element has `name` as its id, a single field
"<name>-field". An empty form is a blank response, null.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from quizzes.types.authored import Authored, Problem, Source

if TYPE_CHECKING:
    from django.http import QueryDict

__all__ = ["Authored", "Problem", "QuestionType", "Source", "get", "names"]


@dataclass(frozen=True)
class QuestionType:
    """Everything that differs from one kind of question to another."""

    name: str
    label: str
    fields: frozenset[str]
    parse: Callable[[object, dict[str, Any]], Any]
    is_right: Callable[[Any, dict[str, Any]], bool]
    key_for: Callable[[Any], dict[str, Any]]
    compile: Callable[[Source, Callable[[str], str]], Authored]
    from_form: Callable[["QueryDict", str], Any]
    context: Callable[[dict[str, Any], Any, dict[str, Any] | None], dict[str, Any]]
    options: Callable[[dict[str, Any]], Any]
    describe: Callable[[dict[str, Any], Any], str]
    describe_key: Callable[[dict[str, Any], dict[str, Any]], str]
    examples: Callable[[dict[str, Any], dict[str, Any]], tuple[Any, Any]]

    @property
    def input_template(self) -> str:
        return f"{self.name}/input.html"

    @property
    def result_template(self) -> str:
        return f"{self.name}/result.html"


@cache
def names() -> tuple[str, ...]:
    """The names of all types, found as the folders here."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg))


@cache
def get(name: str) -> QuestionType:
    """The type of this name; KeyError if there is no such folder. Imports Django."""
    if name not in names():
        raise KeyError(name)
    marking, authoring, presentation, examples = (
        import_module(f"{__name__}.{name}.{part}") for part in ("marking", "authoring", "presentation", "examples")
    )
    return QuestionType(
        name=name,
        label=presentation.LABEL,
        fields=authoring.FIELDS,
        parse=marking.parse,
        is_right=marking.is_right,
        key_for=marking.key_for,
        compile=authoring.compile,
        from_form=presentation.from_form,
        context=presentation.context,
        options=presentation.options,
        describe=presentation.describe,
        describe_key=presentation.describe_key,
        examples=examples.examples,
    )
