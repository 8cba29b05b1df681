"""Pairs: the response maps each left id to a right id; a right side may serve twice."""

from typing import Any

from course.rules.refusals import Refusal

EXPECTED = "choose a match for every row"


def parse(raw: object, body: dict[str, Any]) -> dict[str, str]:
    """The pairs in the order of the left column."""
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    left = [item["id"] for item in body["left"]]
    if not isinstance(raw, dict) or not raw.keys() <= set(left):
        raise Refusal("invalid_response", expected=EXPECTED)
    chosen = {row: raw.get(row) for row in left}
    if any(right is None or right == "" for right in chosen.values()):
        raise Refusal("blank_response", expected=EXPECTED)
    return {row: _known(right, body) for row, right in chosen.items()}


def is_right(response: dict[str, str], key: dict[str, Any]) -> bool:
    return bool(response == key["right"])


def key_for(response: dict[str, str]) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"right": response}


def _known(right: object, body: dict[str, Any]) -> str:
    if not isinstance(right, str) or right not in [item["id"] for item in body["right"]]:
        raise Refusal("invalid_response", expected=EXPECTED)
    return right
