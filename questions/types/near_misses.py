"""Near misses: wrong values that an author names, each with the reason why somebody arrives at it (decision 40).

A key holds them in `whys`, from the value as JSON to the reason as HTML.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any, NamedTuple

from questions.types.authored import Reader

FIELD = "near_misses"
ENGLISH = re.compile(r"en\b|en_", re.IGNORECASE)  # as a language tag begins: en, en-GB, en_US
PLAIN = frozenset({"p", "em", "strong", "code", "span"})  # a formula, a picture or a link may lead to the key
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[^>]*>")
NUMBER_WORDS = re.compile(
    r"\b(none|zero|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?"
    r"|dozens?|half|halves?|halved|halving|twice|thrice|doubl\w+|tripl\w+|quadrupl\w+|thirds?|quarters?|fifths?|sixths?"
    r"|sevenths?|eighths?|ninths?|tenths?|hundredths?|thousandths?)\b",
    re.IGNORECASE,
)


class WrongValue(NamedTuple):
    """A wrong value that the author named, and the reason as HTML."""

    value: Any
    html: str


def compile_near_misses(
    reader: Reader,
    key: Mapping[str, Any],
    read_value: Callable[[int], Any],
    is_right: Callable[[Any, Any], bool],
    render: Callable[[str], str],
) -> dict[str, str]:
    """Return the `whys` of a key. Reports a value that is right, or that cannot be told from an earlier one.

    `read_value` returns the value of a row, and reports what is wrong with it.
    """
    if reader.at((FIELD,)) is None:
        return {}
    misses: list[WrongValue] = []
    for row in reader.rows(FIELD, least=1):
        known = len(reader.problems)
        value, why = read_value(row), reader.text(FIELD, row, "why")
        reader.refuse_unknown({"answer", "why"}, FIELD, row)
        if len(reader.problems) == known:
            _refuse_unusable(reader, row, value, [miss.value for miss in misses], key, is_right)
        misses.append(WrongValue(value, render(why)))
    return {json.dumps(miss.value): miss.html for miss in misses}


def _refuse_unusable(
    reader: Reader,
    row: int,
    value: Any,
    earlier: list[Any],
    key: Mapping[str, Any],
    is_right: Callable[[Any, Any], bool],
) -> None:
    if is_right(value, key):
        reader.report((FIELD, row, "answer"), "is correct by the key of this question")
    for number, other in enumerate(earlier, start=1):
        if is_right(value, {**key, "answer": other}) or is_right(other, {**key, "answer": value}):
            reader.report((FIELD, row, "answer"), f"cannot be told from row {number}")


def near_miss(response: Any, key: Mapping[str, Any], is_right: Callable[[Any, Any], bool]) -> WrongValue | None:
    """Return the near miss that this wrong response is, with the tolerance of the key; None if it is right or not named."""
    if is_right(response, key):
        return None
    for text, html in key.get("whys", {}).items():
        value = json.loads(text)
        if is_right(response, {**key, "answer": value}):
            return WrongValue(value, html)
    return None


def knows_numbers_of(language: str) -> bool:
    """Return whether NUMBER_WORDS are the number words of this language, so that says_no_number can judge a reason."""
    return bool(ENGLISH.match(language))


def says_no_number(html: str) -> bool:
    """Return whether a reason is plain text without any number, in digits or in words, and so cannot quote a key."""
    if not {tag.lower() for tag in TAG.findall(html)} <= PLAIN:
        return False
    text = unescape(TAG.sub("", html))
    return not NUMBER_WORDS.search(text) and all(unicodedata.numeric(character, None) is None for character in text)
