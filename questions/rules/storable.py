"""Requirements for any response before its type checks it: small, plain JSON that can be stored (D3, D7).

A draft may be incomplete, so it must pass only this. An attempt must then pass its type's `parse`.
"""

import json
from math import isfinite

from questions.refusals import Refusal

MAX_LENGTH = 16_384
MAX_DEPTH = 4
MAX_INTEGER = 2**63 - 1
EXPECTED = "Send plain text, numbers and lists of at most 16 kilobytes in total"


def refuse_unstorable(raw: object) -> None:
    """Raise Refusal invalid_response for values that a database or JSON itself cannot hold.

    These are types other than JSON's, NaN and infinities, integers beyond 64 bits, NUL and unpaired surrogates in text,
    deep nesting, and more than MAX_LENGTH characters.
    """
    if not _is_plain(raw, MAX_DEPTH) or len(json.dumps(raw)) > MAX_LENGTH:
        raise Refusal("invalid_response", expected=EXPECTED)


def _is_plain(raw: object, depth: int) -> bool:
    match raw:
        case None | bool():
            return True
        case str():
            return is_text(raw)
        case int():
            return abs(raw) <= MAX_INTEGER
        case float():
            return isfinite(raw)
        case list() if depth:
            return all(_is_plain(part, depth - 1) for part in raw)
        case dict() if depth:
            return all(isinstance(name, str) and is_text(name) for name in raw) and all(
                _is_plain(part, depth - 1) for part in raw.values()
            )
        case _:
            return False


def is_text(raw: str) -> bool:
    """Return whether both databases can store the text as UTF-8: no NUL, no unpaired surrogate."""
    return "\0" not in raw and not any("\ud800" <= letter <= "\udfff" for letter in raw)
