"""Single choice: the response is the id of the chosen option."""

from questions.refusals import Refusal
from questions.types.options import OptionsBody, OptionsKey, refuse_unknown_option

EXPECTED = "Choose one of the options"


def parse(raw: object, body: OptionsBody) -> str:
    if raw is None or raw == "":
        raise Refusal("blank_response", expected=EXPECTED)
    refuse_unknown_option(raw, body, EXPECTED)
    return str(raw)


def is_right(response: str, key: OptionsKey) -> bool:
    return bool(key["right"] == [response])


def key_for(response: str) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"right": [response]}
