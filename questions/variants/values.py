"""The values of the expression language: exact numbers, truth values, texts, and vectors of values."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

type ExpressionValue = Fraction | bool | str | tuple["ExpressionValue", ...]

MOST_BITS = 200  # of a numerator or a denominator: about 60 digits
MOST_ENTRIES = 400  # of a vector or a matrix, all rows together
MOST_PLACES = 60  # after the point of a finite decimal


class ExpressionFault(Exception):
    """What is wrong with an expression or its value; `at` is the character, from 1, or 0 if it is not known."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.at = at

    @property
    def sentence(self) -> str:
        return f"{self.message} (character {self.at})" if self.at > 1 else self.message


def kind_of(value: ExpressionValue) -> str:
    """Return in words what a value is."""
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, Fraction):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a matrix" if is_matrix(value) else "a vector"


def is_matrix(value: ExpressionValue) -> bool:
    """Return whether this is a list of rows that are equally long."""
    if not isinstance(value, tuple) or not value:
        return False
    lengths = {len(row) if isinstance(row, tuple) else -1 for row in value}
    return len(lengths) == 1 and min(lengths) > 0


def entries_of(value: ExpressionValue) -> Iterator[ExpressionValue]:
    """Yield a value, or all entries of a vector or a matrix, row by row."""
    if isinstance(value, tuple):
        for part in value:
            yield from entries_of(part)
    else:
        yield value


def decimal_places(number: Fraction) -> int | None:
    """Return how many digits this number has after the point, or None if they never end."""
    denominator, twos, fives = number.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    places = max(twos, fives)
    return places if denominator == 1 and places <= MOST_PLACES else None


def rounded(number: Fraction, places: int) -> Fraction:
    """Return the nearest number with so many decimals; a half is rounded away from zero, as people do by hand."""
    nearest = Fraction(_tenths(number, places), 10**places)
    return -nearest if number < 0 else nearest


def _tenths(number: Fraction, places: int) -> int:
    """Return the size of a number, rounded, in units of its last decimal."""
    scale: int = 10**places
    return (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)


def fixed_text(number: Fraction, places: int) -> str:
    """Return a number with exactly so many decimals."""
    units = _tenths(number, places)
    digits = str(units).rjust(places + 1, "0")
    whole, decimals = (digits[:-places], f".{digits[-places:]}") if places else (digits, "")
    return f"{'-' if number < 0 and units else ''}{whole}{decimals}"


def number_text(number: Fraction) -> str | None:
    """Return the shortest decimal text of a number, or None if its digits never end."""
    if number.denominator == 1:
        return str(number.numerator)
    return _decimal_text(number.numerator, number.denominator)


@lru_cache(maxsize=4096)
def _decimal_text(numerator: int, denominator: int) -> str | None:
    number = Fraction(numerator, denominator)
    places = decimal_places(number)
    return None if places is None else fixed_text(number, places)


def significant_digits(number: Fraction) -> int:
    """Return how many digits somebody writes down who computes with this number: 3 for 0.0125 and 2 for 1200."""
    text = number_text(number)
    return len((text or "").replace("-", "").replace(".", "").strip("0")) or 1


def value_text(value: ExpressionValue) -> str:
    """Return a value as a text that people read, also where a decimal would never end."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return number_text(value) or str(value)
    return value if isinstance(value, str) else f"[{', '.join(map(value_text, value))}]"
