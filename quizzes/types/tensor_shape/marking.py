"""The shape of a tensor: a list of sizes, null where any size goes; [] is a scalar's."""

from typing import Any

from course.rules.refusals import Refusal

EXPECTED = "write a shape such as (None, 28, 28, 1), or () for a scalar"
MAX_RANK = 16
MAX_SIZE = 2**31 - 1


def parse(raw: object, body: dict[str, Any]) -> list[int | None]:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, list) or len(raw) > MAX_RANK or not all(map(_is_size, raw)):
        raise Refusal("invalid_response", expected=EXPECTED)
    return raw


def is_right(response: list[int | None], key: dict[str, Any]) -> bool:
    return bool(response == key["answer"])


def key_for(response: list[int | None]) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"answer": response}


def _is_size(size: object) -> bool:
    if size is None:
        return True
    return isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= MAX_SIZE
