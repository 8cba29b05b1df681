"""Numbers: the response is a text such as "3.14", "3,14" or "2e-3", marked exactly (D25)."""

import re
import unicodedata
from decimal import Context, Decimal
from fractions import Fraction
from typing import TypedDict

from questions.refusals import Refusal

EXPECTED = "Enter one number, such as 0.25 or 2e-3, without units or spaces between digits"
OUT_OF_RANGE = (
    "That number is too large, too small or too long. Use at most 50 digits and an exponent between -1000 and 1000"
)
MAX_LENGTH = 128  # longer than any canonical form, so that each is its own
MAX_DIGITS = 50
MAX_EXPONENT = 1000  # keeps exact comparison cheap, and is far beyond any float
MINUS = str.maketrans("\u2212\u2013", "--")  # the typographic minus and the dash it is typed as
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
NO_DIGITS = ("<super>", "<sub>", "<circle>")  # Unicode would make the digits 102 of 10²
EXACT = Context(prec=MAX_LENGTH)


class NumericBody(TypedDict):
    """What the page shows of the answer."""

    unit: str
    tolerance: str
    relative: bool


class NumericKey(TypedDict):
    """The answer and its tolerance, as decimal text."""

    answer: str
    tolerance: str
    relative: bool


def parse(raw: object, body: object) -> str:
    """Return the shortest text of the same value: "0,50" and ".5" both give "0.5"."""
    if raw is None:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH:
        raise Refusal("invalid_response", expected=EXPECTED)
    if not raw.isascii() and any(map(is_raised, raw)):
        raise Refusal("invalid_response", expected=EXPECTED)
    if not (text := unicodedata.normalize("NFKC", raw).translate(MINUS).strip()):
        raise Refusal("blank_response", expected=EXPECTED)
    if not NUMBER.fullmatch(text) or len(text) > MAX_LENGTH:
        raise Refusal("invalid_response", expected=EXPECTED)
    return _canonical(text.replace(",", "."))


def is_raised(character: str) -> bool:
    """Return whether this is a digit or sign above or below the line, or in a circle."""
    return unicodedata.decomposition(character).startswith(NO_DIGITS)


def is_right(response: str, key: NumericKey) -> bool:
    """Return whether the response is within the tolerance, inclusive; a relative tolerance is a share of the key."""
    answer = Fraction(key["answer"])
    allowed = Fraction(key["tolerance"]) * (abs(answer) if key["relative"] else 1)
    return abs(Fraction(response) - answer) <= allowed


def key_for(response: str) -> dict[str, object]:
    """Return the part of a key that makes this response the correct one."""
    return {"answer": response}


def _canonical(text: str) -> str:
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) > len("-1000"):
        raise Refusal("invalid_response", expected=OUT_OF_RANGE)
    number = EXACT.normalize(Decimal(mantissa).scaleb(int(exponent or 0), EXACT))
    if not number:
        return "0"
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_EXPONENT:
        raise Refusal("invalid_response", expected=OUT_OF_RANGE)
    return format(number, "f") if -10 <= number.adjusted() <= 20 else str(number)
