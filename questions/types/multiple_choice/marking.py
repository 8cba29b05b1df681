"""Multiple choice: the response is the sorted list of the chosen option ids."""

from questions.refusals import Refusal
from questions.types.options import OptionsBody, OptionsKey, refuse_unknown_option

EXPECTED = "Choose every correct option, at least one"


def parse(raw: object, body: OptionsBody) -> list[str]:
    if raw is None or raw == "" or raw == []:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, list):
        raise Refusal("invalid_response", expected=EXPECTED)
    for chosen in raw:
        refuse_unknown_option(chosen, body, EXPECTED)
    if len(set(raw)) < len(raw):
        raise Refusal("invalid_response", expected=EXPECTED)
    return sorted(raw)


def is_right(response: list[str], key: OptionsKey) -> bool:
    return bool(response == key["right"])


def key_for(response: list[str]) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"right": response}
