"""A number: the response is a text such as "3.14", "3,14" or "2e-3", marked exactly (D25)."""

import re
import unicodedata
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from course.rules.refusals import Refusal

EXPECTED = "write one number, such as 0.25 or 2e-3, without units or spaces between digits"
OUT_OF_RANGE = "write a number that is not that large, small or long"
MAX_LENGTH = 128  # longer than any canonical form, so that each is its own
MAX_DIGITS = 50
MAX_EXPONENT = 1000  # keeps exact comparison cheap, and is far beyond any float
MINUS = str.maketrans("\u2212\u2013", "--")  # the typographic minus and the dash it is typed as
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
EXACT = Context(prec=MAX_LENGTH)


def parse(raw: object, body: dict[str, Any]) -> str:
    """The shortest text of the same value: "0,50" and ".5" both give "0.5"."""
    if raw is None:
        raise Refusal("blank_response", expected=EXPECTED)
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH:
        raise Refusal("invalid_response", expected=EXPECTED)
    if not (text := unicodedata.normalize("NFKC", raw).translate(MINUS).strip()):
        raise Refusal("blank_response", expected=EXPECTED)
    if not NUMBER.fullmatch(text) or len(text) > MAX_LENGTH:
        raise Refusal("invalid_response", expected=EXPECTED)
    return _canonical(text.replace(",", "."))


def is_right(response: str, key: dict[str, Any]) -> bool:
    """Within the tolerance, inclusive; a relative one is a share of the key's size."""
    answer = Fraction(key["answer"])
    allowed = Fraction(key["tolerance"]) * (abs(answer) if key["relative"] else 1)
    return abs(Fraction(response) - answer) <= allowed


def key_for(response: str) -> dict[str, Any]:
    """What a key says by which this response is the right one."""
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
