"""Short texts, compared after tidying (D25): NFKC, trimmed, runs of spaces collapsed to one."""

import unicodedata
from typing import TypedDict

from questions.refusals import Refusal
from questions.rules.storable import is_text

EXPECTED = "Enter a short text of at most 200 characters"
MAX_LENGTH = 200


class TextBody(TypedDict):
    """Whether upper and lower case differ."""

    is_case_exact: bool


class TextKey(TypedDict):
    """The texts that are correct."""

    answers: list[str]
    is_case_exact: bool


def parse(raw: object, body: object) -> str:
    """Return the tidied text as the learner wrote it, case included."""
    if raw is None:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH or not is_text(raw):
        raise Refusal("invalid_response", expected=EXPECTED)
    if not is_visible(text := tidy(raw)):
        raise Refusal("blank_response", expected=EXPECTED)
    if len(text) > MAX_LENGTH:  # NFKC can expand one character to eighteen
        raise Refusal("invalid_response", expected=EXPECTED)
    return text


def is_right(response: str, key: TextKey) -> bool:
    fold = tidy if key["is_case_exact"] else folded
    return fold(response) in {fold(answer) for answer in key["answers"]}


def key_for(response: str) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"answers": [response]}


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """Return the text without case; folding can undo the normal form, so tidy it again."""
    return tidy(tidy(text).casefold())


def is_visible(text: str) -> bool:
    """Return whether the text has a character other than separators and invisible characters."""
    return any(unicodedata.category(letter)[0] not in "ZC" for letter in text)
