"""Tensor-shape questions on pages and in the API."""

import re
from collections import Counter

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.types.near_misses import near_miss, says_no_number
from questions.types.rows import as_written, no_mistake, no_options, parse_or_none, scalar_rows, single_value, whole
from questions.types.tensor_shape.marking import TensorShapeKey, is_right, parse

LABEL = gettext_lazy("Tensor shape")
UNREADABLE = gettext_lazy("Saved, but not a shape")
options, likely_mistake = no_options, no_mistake
arranged, moves = as_written, whole
SHAPE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|([^()\[\]]*)")
SIZES: dict[str, int | None] = {"none": None, "null": None, "?": None}


def from_form(post: QueryDict, name: str) -> object:
    raw = single_value(post, name)
    return read_shape(raw) if isinstance(raw, str) else raw


def read_shape(text: str) -> list[int | None] | str | None:
    """Parse "(None, 28, 1)", "[null, 28, 1]" or "None, 28, 1" into a shape; return other text unchanged."""
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


def context(body: object, response: object, key: TensorShapeKey | None) -> dict[str, object]:
    given = parse_or_none(parse, response, body)
    typed = response if isinstance(response, str) else ""
    return {
        "value": typed if given is None else _shape_text(given),
        "rows": scalar_rows(
            None if given is None else _shape_text(given),
            None if key is None else _shape_text(key["answer"]),
            None if key is None else given is not None and is_right(given, key),
            "" if key is None or given is None else why_wrong(given, key, is_open=False),
        ),
    }


def describe(body: object, response: object) -> str:
    given = parse_or_none(parse, response, body)
    return _("no response") if given is None else _shape_text(given)


def describe_key(body: object, key: TensorShapeKey) -> str:
    return _shape_text(key["answer"])


def why_wrong(response: list[int | None], key: TensorShapeKey, *, is_open: bool) -> str:
    """Return the author's reason for this wrong shape, "" without one.

    While the learner can still try again (`is_open`), also "" where the reason and the shape could lead to the key
    without the question: the reason says a number, or the shape has every size of the key already.
    """
    miss = near_miss(response, key, is_right)
    if miss is None or (is_open and (_has_all_sizes(miss.value, key) or not says_no_number(miss.html))):
        return ""
    return miss.html


def _has_all_sizes(shape: list[int | None], key: TensorShapeKey) -> bool:
    """Return whether the key is this shape without some axes, or in another order."""
    return Counter(key["answer"]) <= Counter(shape)


def _shape_text(shape: list[int | None]) -> str:
    return repr(tuple(shape))
