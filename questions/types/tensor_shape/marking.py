"""Tensor shapes: the response is a list of sizes; null means any size, and [] is a scalar."""

from typing import TypedDict

from questions.refusals import Refusal

EXPECTED = "Enter a shape such as (None, 28, 28, 1), or () for a scalar"
MAX_RANK = 16
MAX_SIZE = 2**31 - 1


class TensorShapeKey(TypedDict):
    """The sizes; None allows any size."""

    answer: list[int | None]


def parse(raw: object, body: object) -> list[int | None]:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, list) or len(raw) > MAX_RANK or not all(map(_is_size, raw)):
        raise Refusal("invalid_response", expected=EXPECTED)
    return raw


def is_right(response: list[int | None], key: TensorShapeKey) -> bool:
    return bool(response == key["answer"])


def key_for(response: list[int | None]) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"answer": response}


def _is_size(size: object) -> bool:
    if size is None:
        return True
    return isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= MAX_SIZE
