"""The kinds of questions, one folder each. A folder here is a type, and no module of the product lists the types.

A few modules treat one type specially; docs/how-to.md names them. A type does not say how many attempts its questions
have: a course does, and `authoring/folder/attempts.py` reads it.

A folder holds
- `marking.py`, pure (no Django):
  `parse(raw, body)` -> canonical response; raises Refusal blank_response or invalid_response for
  anything else; `is_right(response, key)` for a canonical response; `key_for(response)`, the part of a
  key that makes this response the correct one. A regrade replaces this part of the version's key and keeps the rest.
- `authoring.py`, pure: `FIELDS`, the names that only this type reads in a question's source, and
  `compile(source, render)` -> `Authored`; `render` makes trusted inline HTML of Markdown; a figure belongs into
  the prompt. Rendered HTML belongs in fields named `html` or `whys` (`RENDERED` in quizzes/rules/texts.py).
- `presentation.py`: `LABEL`, `UNREADABLE`, which says of a saved response why `parse` refuses it,
  `from_form(post, name)` -> raw, `context(body, response, key)`,
  `options(body)` for the API: a list of `{id, html}`, `{left, right}` with two such lists, or an empty list;
  `arranged(body, key, shuffle)`: the body in the order in which a learner sees it (questions/rules/shuffling.py), or as it
  is if the type has nothing to shuffle (`as_written`); an ordering question is never arranged in its right order;
  `moves(body)`: whether `input.html` marks everything that is shuffled as `{% movable %}` and shows nothing that depends on
  its place. Then all learners share what is rendered for a question without a response (foundation/fast/moving.py);
  `describe(body, response)` and `describe_key(body, key)` in words;
  `likely_mistake(body, key, described)`: what somebody who gave this wrong response probably did, or "". It reads the
  response as `describe` put it; `why_wrong(response, key, is_open=…)`: the author's reason for this wrong canonical
  response, as HTML, or "". With `is_open` only a reason that cannot lead to the key (near_misses.py).
- `examples.py`, pure: `examples(body, key)` -> a right response and a wrong one.
- `input.html` and `result.html`, both rendered with `name` and `card`:
  `{% include card.type.input_template with name=… card=card.context only %}`.
  `result.html` also gets `of_learner`, which is true if it shows staff a learner's response.

`body` is public JSON, `key` secret JSON. `compile` makes both: `Authored.body` is stored as `QuestionVersion.body`, and
`Authored.key` as `QuestionVersion.secret`. `response` may be any stored draft: presentation shows the parts that it can
read.

Form fields. `name` is unique on the page ("q-" and the question's id). Scalar types and checkboxes use it as the
field's name. Other types use it as the prefix of one field per row: "<name>-<row id>" (matching: the chosen right id;
ordering: the position, from 1). The page gives the prompt's element the id "<name>-prompt", which labels the controls.
The question's own element has `name` as its id, a single field "<name>-field". An empty form is a blank response, null.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from questions.refusals import Refusal
from questions.rules.shuffling import Shuffle
from questions.types.authored import Authored, QuestionSource, SourceProblem

if TYPE_CHECKING:
    from django.http import QueryDict

__all__ = ["Authored", "QuestionSource", "QuestionType", "SourceProblem", "get", "names"]


@dataclass(frozen=True)
class QuestionType:
    """Everything that differs between kinds of questions."""

    name: str
    label: str
    unreadable: str
    fields: frozenset[str]
    parse: Callable[[object, dict[str, Any]], Any]
    is_right: Callable[[Any, dict[str, Any]], bool]
    key_for: Callable[[Any], dict[str, Any]]
    compile: Callable[[QuestionSource, Callable[[str], str]], Authored]
    from_form: Callable[["QueryDict", str], Any]
    context: Callable[[dict[str, Any], Any, dict[str, Any] | None], dict[str, Any]]
    options: Callable[[dict[str, Any]], Any]
    moves: Callable[[dict[str, Any]], bool]
    arranged: Callable[[dict[str, Any], dict[str, Any], Shuffle], dict[str, Any]]
    describe: Callable[[dict[str, Any], Any], str]
    describe_key: Callable[[dict[str, Any], dict[str, Any]], str]
    likely_mistake: Callable[[dict[str, Any], dict[str, Any], str], str]
    why_wrong: Callable[..., str]
    examples: Callable[[dict[str, Any], dict[str, Any]], tuple[Any, Any]]
    is_shuffled: bool

    def problem_of(self, response: Any, body: dict[str, Any]) -> str:
        """Return in words why a saved response would not be graded as it is, or "" if it would be."""
        try:
            self.parse(response, body)
        except Refusal:
            return str(self.unreadable)
        return ""

    @property
    def input_template(self) -> str:
        return f"{self.name}/input.html"

    @property
    def result_template(self) -> str:
        return f"{self.name}/result.html"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all types, which are the folders here."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def get(name: str) -> QuestionType:
    """Return the type of this name. Raises KeyError for an unknown type. Imports Django."""
    if name not in names():
        raise KeyError(name)
    marking, authoring, presentation, examples = (
        import_module(f"{__name__}.{name}.{part}") for part in ("marking", "authoring", "presentation", "examples")
    )
    as_written = import_module(f"{__name__}.rows").as_written  # imports Django
    return QuestionType(
        name=name,
        label=presentation.LABEL,
        unreadable=presentation.UNREADABLE,
        fields=authoring.FIELDS,
        parse=marking.parse,
        is_right=marking.is_right,
        key_for=marking.key_for,
        compile=authoring.compile,
        from_form=presentation.from_form,
        context=presentation.context,
        options=presentation.options,
        arranged=presentation.arranged,
        describe=presentation.describe,
        describe_key=presentation.describe_key,
        likely_mistake=presentation.likely_mistake,
        why_wrong=presentation.why_wrong,
        examples=examples.examples,
        is_shuffled=presentation.arranged is not as_written,
        moves=presentation.moves,
    )
