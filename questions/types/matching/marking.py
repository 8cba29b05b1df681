"""Matching: the response maps each left id to a right id; right ids may repeat."""

from typing import TypedDict

from questions.refusals import Refusal
from questions.types.authored import BodyItem

EXPECTED = "Choose a match for every row"


class MatchingBody(TypedDict):
    """The two columns."""

    left: list[BodyItem]
    right: list[BodyItem]


class MatchingKey(TypedDict):
    """The right id by left id."""

    right: dict[str, str]


def parse(raw: object, body: MatchingBody) -> dict[str, str]:
    """Return the pairs in the order of the left column."""
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    left = [item["id"] for item in body["left"]]
    if not isinstance(raw, dict) or not raw.keys() <= set(left):
        raise Refusal("invalid_response", expected=EXPECTED)
    chosen = {row: raw.get(row) for row in left}
    if any(right is None or right == "" for right in chosen.values()):
        raise Refusal("blank_response", expected=EXPECTED)
    return {row: _known(right, body) for row, right in chosen.items()}


def is_right(response: dict[str, str], key: MatchingKey) -> bool:
    return bool(response == key["right"])


def key_for(response: dict[str, str]) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"right": response}


def _known(right: object, body: MatchingBody) -> str:
    if not isinstance(right, str) or right not in [item["id"] for item in body["right"]]:
        raise Refusal("invalid_response", expected=EXPECTED)
    return right
