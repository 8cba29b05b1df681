"""True or false: the response is JSON's `true` or `false`."""

from typing import Any

from course.rules.refusals import Refusal

EXPECTED = "choose True or False"


def parse(raw: object, body: dict[str, Any]) -> bool:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, bool):
        raise Refusal("invalid_response", expected=EXPECTED)
    return raw


def is_right(response: bool, key: dict[str, Any]) -> bool:
    return response is key["answer"]


def key_for(response: bool) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"answer": response}
