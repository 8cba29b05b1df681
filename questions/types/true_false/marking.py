"""True/False: the response is JSON's `true` or `false`."""

from typing import TypedDict

from questions.refusals import Refusal

EXPECTED = "Choose True or False"


class TrueFalseKey(TypedDict):
    """Whether the statement is true."""

    answer: bool


def parse(raw: object, body: object) -> bool:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, bool):
        raise Refusal("invalid_response", expected=EXPECTED)
    return raw


def is_right(response: bool, key: TrueFalseKey) -> bool:
    return response is key["answer"]


def key_for(response: bool) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"answer": response}
