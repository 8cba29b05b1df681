"""One of several options: the response is an option's id."""

from typing import Any

from course.rules.refusals import Refusal
from quizzes.types.options import refuse_unknown

EXPECTED = "choose one of the options"


def parse(raw: object, body: dict[str, Any]) -> str:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    refuse_unknown(raw, body, EXPECTED)
    return str(raw)


def is_right(response: str, key: dict[str, Any]) -> bool:
    return bool(key["right"] == [response])


def key_for(response: str) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"right": [response]}
