"""Ordering: the response is the list of all item ids in order."""

from typing import TypedDict

from questions.refusals import Refusal
from questions.types.authored import BodyItem

EXPECTED = "Give every item a different position"


class OrderingBody(TypedDict):
    """The items in the order they are shown."""

    items: list[BodyItem]


class OrderingKey(TypedDict):
    """The ids in the correct order."""

    right: list[str]


def parse(raw: object, body: OrderingBody) -> list[str]:
    """Return the ids in order; a list counts as a response even in the order that was shown.

    A form with missing or repeated positions arrives as a mapping of id to position.
    """
    items = [item["id"] for item in body["items"]]
    if raw is None or raw == "" or raw == []:
        raise Refusal("blank_response", expected=EXPECTED)
    if isinstance(raw, dict) and len(raw) < len(items):
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise Refusal("invalid_response", expected=EXPECTED)
    if sorted(raw) != sorted(items):
        raise Refusal("invalid_response", expected=EXPECTED)
    return list(raw)


def is_right(response: list[str], key: OrderingKey) -> bool:
    return bool(response == key["right"])


def key_for(response: list[str]) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"right": response}
