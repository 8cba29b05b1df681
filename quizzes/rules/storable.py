"""What may be stored as a draft: any JSON that both databases can hold, of a sensible size (D3, D7)."""

import json

from course.rules.refusals import Refusal

LARGEST_DRAFT = 20_000  # characters of JSON


def refuse_unstorable(response: object) -> None:
    """Raise Refusal invalid_response for a response with NaN, NUL or half a character in it, or a huge one."""
    try:
        text = json.dumps(response, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise Refusal("invalid_response", expected="it holds something that is no plain value") from None
    if len(text) > LARGEST_DRAFT:
        raise Refusal("invalid_response", expected=f"it is longer than {LARGEST_DRAFT} characters")
    if "\\u0000" in text or has_half_character(response):
        raise Refusal("invalid_response", expected="it holds a character that no text can have")


def has_half_character(response: object) -> bool:
    match response:
        case str():
            return any("\ud800" <= letter <= "\udfff" for letter in response)
        case list():
            return any(has_half_character(part) for part in response)
        case dict():
            return any(has_half_character(part) for pair in response.items() for part in pair)
        case _:
            return False
