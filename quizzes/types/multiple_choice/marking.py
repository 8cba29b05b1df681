"""All that are right among several options: the response is the list of their ids, sorted."""

from typing import Any

from course.rules.refusals import Refusal
from quizzes.types.options import refuse_unknown

EXPECTED = "choose each option that is right, at least one"


def parse(raw: object, body: dict[str, Any]) -> list[str]:
    if raw is None or raw == "" or raw == []:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, list):
        raise Refusal("invalid_response", expected=EXPECTED)
    for chosen in raw:
        refuse_unknown(chosen, body, EXPECTED)
    if len(set(raw)) < len(raw):
        raise Refusal("invalid_response", expected=EXPECTED)
    return sorted(raw)


def is_right(response: list[str], key: dict[str, Any]) -> bool:
    return bool(response == key["right"])


def key_for(response: list[str]) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"right": response}
