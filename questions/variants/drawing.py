"""What a question may draw, and how a seed decides it.

A draw depends on SHA-256 of the seed, the number of the draw and the name of the value, and on nothing else: not on Python's
version, its hashes or the order of names. So the same seed gives the same values, and a new name leaves the others as they are.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256

from questions.variants.stored import StoredDraws
from questions.variants.values import MOST_ENTRIES, ExpressionFault, ExpressionValue

MOST_CHOICES = 1_000_000  # of one number
LONGEST_SIDE = 20  # rows or columns
LONGEST_SCALE = 1000  # numbers that are computed once
LONGEST_LINE = 200  # characters
NUMBER = r"-?\d{1,12}(?:\.\d{1,12})?"
BOUND = rf"(?:{NUMBER}|[A-Za-z]\w{{0,39}})"
RANGE = rf"(?P<low>{BOUND})\s*\.\.\s*(?P<high>{BOUND})(?:\s+step\s+(?P<step>{NUMBER}))?"
SIDE = r"(?:\d{1,2}|[A-Za-z]\w{0,39})"
PATTERN = re.compile(
    rf"(?:(?:vector\s+(?P<length>{SIDE})|matrix\s+(?P<rows>{SIDE})\s*[x×]\s*(?P<columns>{SIDE}))\s+of\s+)?{RANGE}",
    re.ASCII,
)
FORMS = "2..9, 0.5..2 step 0.5, [1, 2, 5], vector 3 of 0..5 or matrix 2x2 of -3..3"
STREAM_BITS = 64

type Stream = Callable[[int, int], int]  # (index, choices) -> a number below choices


@dataclass(frozen=True)
class DrawnRange:
    """Numbers from `low` to `high`, in steps. Bounds and sides may be names of values that were drawn before.

    `sides` is empty for one number, and has the length of a vector or the rows and columns of a matrix.
    """

    low: str
    high: str
    step: Fraction
    sides: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(word for word in (self.low, self.high, *self.sides) if word[0].isalpha())

    @cached_property
    def scale(self) -> tuple[Fraction, ...]:
        """The numbers to draw from, if both ends are numbers and there are not many."""
        if self.low[0].isalpha() or self.high[0].isalpha():
            return ()
        low, choices = self._choices({})
        return tuple(low + self.step * row for row in range(choices)) if choices <= LONGEST_SCALE else ()

    def _choices(self, values: Mapping[str, ExpressionValue]) -> tuple[Fraction, int]:
        """Return the lowest number, and how many there are."""
        low, high = (_bound(word, values) for word in (self.low, self.high))
        choices = int((high - low) // self.step) + 1
        if not 1 <= choices <= MOST_CHOICES:
            raise ExpressionFault(f"from {low} to {high} there are no values to draw, or more than {MOST_CHOICES:,}")
        return low, choices

    def draw(self, stream: Stream, values: Mapping[str, ExpressionValue]) -> ExpressionValue:
        scale = self.scale
        low, choices = (scale[0], len(scale)) if scale else self._choices(values)
        sides = [_side(word, values) for word in self.sides]

        def number(index: int) -> Fraction:
            row = stream(index, choices)
            return scale[row] if scale else low + self.step * row

        match sides:
            case []:
                return number(0)
            case [length]:
                return tuple(number(index) for index in range(length))
        rows, columns = sides
        if rows * columns > MOST_ENTRIES:
            raise ExpressionFault(f"a matrix has at most {MOST_ENTRIES} entries")
        return tuple(tuple(number(row * columns + column) for column in range(columns)) for row in range(rows))


@dataclass(frozen=True)
class DrawnChoice:
    """One of the values of a list."""

    choices: tuple[ExpressionValue, ...]
    names: frozenset[str] = frozenset()

    def draw(self, stream: Stream, values: Mapping[str, ExpressionValue]) -> ExpressionValue:
        return self.choices[stream(0, len(self.choices))]


type DrawnValue = DrawnRange | DrawnChoice | StoredDraws


def read_drawn(written: object) -> DrawnValue:
    """Return what a line of `draw` says. Raises ExpressionFault."""
    if isinstance(written, StoredDraws):
        return written
    if isinstance(written, list):
        return DrawnChoice(_choices(written))
    text = written.strip().replace("\u2212", "-") if isinstance(written, str) else ""
    match = PATTERN.fullmatch(text) if len(text) <= LONGEST_LINE else None
    if match is None:
        raise ExpressionFault(f"needs a form such as {FORMS}")
    step = Fraction(match["step"] or 1)
    if step <= 0:
        raise ExpressionFault("a step must be more than 0")
    sides = (match["length"],) if match["length"] else (match["rows"], match["columns"]) if match["rows"] else ()
    drawn = DrawnRange(match["low"], match["high"], step, sides)
    if not drawn.names:
        drawn.draw(lambda *_: 0, {})
    return drawn


def stream_of(seed: str, number: int, name: str) -> Stream:
    """Return the stream that decides a value of one draw."""

    start = f"{seed}\n{number}\n{name}\n"

    def below(index: int, choices: int) -> int:
        limit = 2**STREAM_BITS - 2**STREAM_BITS % choices
        for turn in range(256):
            block = sha256(f"{start}{index}\n{turn}".encode()).digest()
            drawn = int.from_bytes(block[: STREAM_BITS // 8])
            if drawn < limit:
                return drawn % choices
        raise AssertionError("256 blocks in a row were above the limit")

    return below


def draw_values(drawn: Mapping[str, DrawnValue], seed: str, number: int) -> dict[str, ExpressionValue]:
    """Return the values of one draw, in the order in which they are declared."""
    values: dict[str, ExpressionValue] = {}
    for name, source in drawn.items():
        if isinstance(source, StoredDraws):
            values[name] = source.values[number - 1]
        else:
            values[name] = source.draw(stream_of(seed, number, name), values)
    return values


def seed_of_draw(seed: str, number: int) -> int:
    """Return the number that an author's function gets for one draw: 64 bits that look random."""
    return int.from_bytes(sha256(f"{seed}\n{number}".encode()).digest()[: STREAM_BITS // 8])


def plain_value(written: object) -> ExpressionValue:
    """Return a value that YAML holds. Raises ExpressionFault."""
    if isinstance(written, bool | str):
        return written
    if isinstance(written, int | Decimal):
        number = Fraction(written)
        if len(str(written)) > len("-123456789012.123456789012"):
            raise ExpressionFault("a number has at most 24 digits here")
        return number
    if isinstance(written, list) and len(written) <= MOST_ENTRIES:
        return tuple(plain_value(part) for part in written)
    raise ExpressionFault("needs numbers, texts, true or false, or lists of these")


def _choices(written: Sequence[object]) -> tuple[ExpressionValue, ...]:
    choices = tuple(plain_value(value) for value in written)
    if len(choices) < 2:
        raise ExpressionFault("needs at least two values to choose from")
    if len({type(choice) for choice in choices}) > 1:
        raise ExpressionFault("needs values of one kind: all numbers, all texts, or all lists")
    return choices


def _bound(word: str, values: Mapping[str, ExpressionValue]) -> Fraction:
    value = values.get(word, False) if word[0].isalpha() else _written_number(word)
    if not isinstance(value, Fraction):
        raise ExpressionFault(f"“{word}” is not a number that was drawn before")
    return value


@lru_cache(maxsize=1024)
def _written_number(word: str) -> Fraction:
    return Fraction(word)


def _side(word: str, values: Mapping[str, ExpressionValue]) -> int:
    number = _bound(word, values)
    if number.denominator != 1 or not 1 <= number <= LONGEST_SIDE:
        raise ExpressionFault(f"a side has from 1 to {LONGEST_SIDE} entries, not {number}")
    return int(number)
