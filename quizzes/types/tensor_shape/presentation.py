"""Tensor shapes on pages and in the API."""

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.rows import scalar_rows, sole, understood
from quizzes.types.tensor_shape.marking import is_right, parse

LABEL = gettext_lazy("Tensor shape")
SHAPE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|([^()\[\]]*)")
SIZES: dict[str, int | None] = {"none": None, "null": None, "?": None}


def from_form(post: QueryDict, name: str) -> Any:
    raw = sole(post, name)
    return shape_of(raw) if isinstance(raw, str) else raw


def shape_of(text: str) -> list[int | None] | str | None:
    """The shape written as "(None, 28, 1)", "[null, 28, 1]" or "None, 28, 1", else the text itself."""
    if not (written := text.strip()):
        return None
    if not (match := SHAPE.fullmatch(written)):
        return text
    sizes = [size.strip().lower() for size in match[match.lastindex or 0].split(",")]
    if sizes[-1] == "":  # "()" and the comma that ends "(10,)"
        sizes.pop()
    if not all(size in SIZES or re.fullmatch(r"[0-9]{1,10}", size) for size in sizes):
        return text
    return [SIZES[size] if size in SIZES else int(size) for size in sizes]


def context(body: dict[str, Any], response: Any, key: dict[str, Any] | None) -> dict[str, Any]:
    given = understood(parse, response, body)
    typed = response if isinstance(response, str) else ""
    return {
        "value": typed if given is None else _written(given),
        "rows": scalar_rows(
            None if given is None else _written(given),
            None if key is None else _written(key["answer"]),
            None if key is None else given is not None and is_right(given, key),
        ),
    }


def options(body: dict[str, Any]) -> list[Any]:
    return []


def describe(body: dict[str, Any], response: Any) -> str:
    given = understood(parse, response, body)
    return _("no answer") if given is None else _written(given)


def describe_key(body: dict[str, Any], key: dict[str, Any]) -> str:
    return _written(key["answer"])


def _written(shape: list[int | None]) -> str:
    return repr(tuple(shape))
