"""Putting items in order: the response is the list of all their ids."""

from typing import Any

from course.rules.refusals import Refusal

EXPECTED = "give every item a place of its own"


def parse(raw: object, body: dict[str, Any]) -> list[str]:
    """A sent list counts as touched, even in the order in which it was shown.

    A form in which places are missing or doubled arrives as a mapping of id to place.
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


def is_right(response: list[str], key: dict[str, Any]) -> bool:
    return bool(response == key["right"])


def key_for(response: list[str]) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"right": response}
