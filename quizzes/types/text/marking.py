"""A word or a short text, compared after tidying (D25): NFKC, trimmed, inner spaces one."""

import unicodedata
from typing import Any

from course.rules.refusals import Refusal
from quizzes.rules.storable import is_text

EXPECTED = "write a short text, of at most 200 characters"
MAX_LENGTH = 200


def parse(raw: object, body: dict[str, Any]) -> str:
    """The tidied text; case is kept, because it is the learner's."""
    if raw is None:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH or not is_text(raw):
        raise Refusal("invalid_response", expected=EXPECTED)
    if not is_visible(text := tidy(raw)):
        raise Refusal("blank_response", expected=EXPECTED)
    if len(text) > MAX_LENGTH:  # one character can stand for eighteen
        raise Refusal("invalid_response", expected=EXPECTED)
    return text


def is_right(response: str, key: dict[str, Any]) -> bool:
    fold = tidy if key["is_case_exact"] else folded
    return fold(response) in {fold(answer) for answer in key["answers"]}


def key_for(response: str) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
    return {"answers": [response]}


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """Without case; folding can undo the normal form, so that comes last again."""
    return tidy(tidy(text).casefold())


def is_visible(text: str) -> bool:
    """Something other than separators and invisible characters stands there."""
    return any(unicodedata.category(letter)[0] not in "ZC" for letter in text)
