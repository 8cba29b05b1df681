"""The values that an author's function drew, and the keys that one confirmed, as they are stored in the course folder.

A function runs when its author asks for it, in a sandbox. What it returned is read here like a file that anyone may have
written: only plain values of bounded size, and nothing is run.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from typing import Never

from questions.variants.expressions import is_free_name
from questions.variants.values import MOST_BITS, MOST_ENTRIES, ExpressionFault, ExpressionValue, entries_of

MOST_STORED_NAMES = 40
DEEPEST_LIST = 2  # a matrix
LONGEST_TEXT = 500  # characters of a value
EXACT = 10**15  # whole numbers below this are stored as JSON has them; every reader of JSON keeps those exact
NUMBER = re.compile(r"(-?\d{1,61})(?:/(\d{1,61}))?", re.ASCII)
DIGITS_OF_DIGEST = 16

type StoredValue = bool | int | str | dict[str, str] | list["StoredValue"]
type DrawnRow = dict[str, ExpressionValue]


@dataclass(frozen=True)
class StoredDraws:
    """One value of each draw, in order. It is written as `draw: {name: …}` would be; `digest` is that of all values."""

    digest: str
    values: tuple[ExpressionValue, ...] = field(repr=False)
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StoredKeys:
    """The key that a function computed for each draw, by the digest of the drawn values."""

    digest: str
    keys: Mapping[str, ExpressionValue] = field(repr=False, compare=False)

    def key_of(self, drawn: Mapping[str, ExpressionValue]) -> ExpressionValue:
        """Return the key for these values. Raises ExpressionFault."""
        key = self.keys.get(digest_of_values(drawn))
        if key is None:
            raise ExpressionFault("the function did not run for these values yet: run `manage.py course run-variants`")
        return key


def draws_by_name(rows: Sequence[DrawnRow]) -> dict[str, StoredDraws]:
    """Return what a function drew in the form of `draw`."""
    digest = sha256("\n".join(map(digest_of_values, rows)).encode()).hexdigest()
    return {name: StoredDraws(digest, tuple(row[name] for row in rows)) for name in rows[0]}


def stored_digest(drawn: object) -> str:
    """Return the digest of what a function drew, or "" if the author wrote what may be drawn."""
    values = drawn.values() if isinstance(drawn, Mapping) else ()
    return next((value.digest for value in values if isinstance(value, StoredDraws)), "")


def digest_of_values(values: Mapping[str, ExpressionValue]) -> str:
    """Return a short digest that says which values these are, whatever the order of their names."""
    stored = {name: stored_value(value) for name, value in values.items()}
    return sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:DIGITS_OF_DIGEST]


def stored_value(value: ExpressionValue) -> StoredValue:
    """Return a value as JSON has it. A number that JSON cannot hold exactly is a text in braces."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Fraction):
        is_plain = value.denominator == 1 and abs(value) < EXACT
        return int(value) if is_plain else {"number": str(value)}
    return [stored_value(part) for part in value]


def read_value(stored: object, depth: int = 0) -> ExpressionValue:
    """Return the value that JSON holds. Raises ExpressionFault."""
    if isinstance(stored, bool):
        return stored
    if isinstance(stored, int):
        return _bounded(Fraction(stored))
    if isinstance(stored, str):
        if len(stored) > LONGEST_TEXT:
            raise ExpressionFault(f"a text has at most {LONGEST_TEXT} characters")
        return stored
    if isinstance(stored, list):
        return _vector(stored, depth)
    match = NUMBER.fullmatch(str(stored.get("number"))) if isinstance(stored, dict) and len(stored) == 1 else None
    if match is None or not int(match[2] or 1):
        raise ExpressionFault("a value must be a number, a text, true or false, or a list of these")
    return _bounded(Fraction(int(match[1]), int(match[2] or 1)))


def _bounded(number: Fraction) -> Fraction:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
        raise ExpressionFault("a number has at most 60 digits")
    return number


def _vector(stored: list[object], depth: int) -> ExpressionValue:
    if depth >= DEEPEST_LIST or len(stored) > MOST_ENTRIES:
        raise ExpressionFault(f"a list is a vector or a matrix of at most {MOST_ENTRIES} entries")
    vector = tuple(read_value(part, depth + 1) for part in stored)
    if sum(1 for _ in entries_of(vector)) > MOST_ENTRIES:
        raise ExpressionFault(f"a list is a vector or a matrix of at most {MOST_ENTRIES} entries")
    return vector


def read_rows(stored: object) -> list[DrawnRow]:
    """Return the values of each draw. Raises ExpressionFault unless all draws have the same names."""
    rows = stored if isinstance(stored, list) else []
    if not rows or not all(isinstance(row, dict) and row for row in rows):
        raise ExpressionFault("a draw must return names with values, such as {'n': 3}")
    names = list(rows[0])
    if len(names) > MOST_STORED_NAMES:
        raise ExpressionFault(f"a draw has at most {MOST_STORED_NAMES} values")
    for name in names:
        if not is_free_name(name):
            raise ExpressionFault(f"“{name[:40]}” cannot be the name of a value: use letters, digits and single _")
    for number, row in enumerate(rows, 1):
        if row.keys() != rows[0].keys():
            raise ExpressionFault(f"draw {number} has other names than draw 1: {', '.join(row)[:160]}")
    return [{name: read_value(row[name]) for name in names} for row in rows]


def read_keys(stored: object) -> dict[str, ExpressionValue]:
    """Return the keys by the digest of the drawn values. Raises ExpressionFault."""
    if not isinstance(stored, dict):
        raise ExpressionFault("the keys must be a mapping")
    return {digest: read_value(key) for digest, key in stored.items()}


def read_json(text: str) -> object:
    """Return what JSON says. Raises ExpressionFault also for NaN, infinity and numbers with a point, which are not exact."""
    try:
        return json.loads(text, parse_constant=_refuse_inexact, parse_float=_refuse_inexact)
    except (ValueError, RecursionError) as error:
        raise ExpressionFault(f"this is not JSON that can be read: {error}") from None


def _refuse_inexact(written: str) -> Never:
    raise ExpressionFault(f"“{written[:40]}” is not an exact number")
