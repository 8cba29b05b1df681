"""The functions that expressions may call. All are exact, or round to stated decimals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, isqrt

from questions.variants.values import (
    MOST_BITS,
    MOST_ENTRIES,
    ExpressionFault,
    ExpressionValue,
    entries_of,
    is_matrix,
    kind_of,
    rounded,
    significant_digits,
)

MOST_DECIMALS = 12
LARGEST_EXPONENT = 100  # of exp, so that its value stays a number of a few dozen digits
EXACTLY = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999)
ANY = 50  # arguments of a function that takes any number of them

type FunctionOfValues = Callable[..., ExpressionValue]


@dataclass(frozen=True)
class ExpressionFunction:
    """A function, how many arguments it takes, and how messages show its use.

    `steps` returns how many steps of arithmetic somebody takes who does the same by hand.
    """

    run: FunctionOfValues
    least: int
    most: int
    usage: str
    steps: Callable[..., int] = lambda *_: 0


def needed_number(value: ExpressionValue) -> Fraction:
    if not isinstance(value, Fraction):
        raise ExpressionFault(f"needs a number, not {kind_of(value)}")
    return value


def numbers_in(values: Iterable[ExpressionValue]) -> list[Fraction]:
    """Return the numbers among arguments; a vector or a matrix counts as all of its entries."""
    return [needed_number(entry) for value in values for entry in entries_of(value)]


def whole_in(value: ExpressionValue, least: int, most: int) -> int:
    number = needed_number(value)
    if number.denominator != 1 or not least <= number <= most:
        raise ExpressionFault(f"needs a whole number from {least} to {most} here")
    return int(number)


def on_entries(function: Callable[[Fraction], Fraction], value: ExpressionValue) -> ExpressionValue:
    """Apply a function to a number, or to each entry of a vector or a matrix."""
    if isinstance(value, tuple):
        return tuple(on_entries(function, part) for part in value)
    return function(needed_number(value))


def _extreme(choose: Callable[[list[Fraction]], Fraction]) -> FunctionOfValues:
    def run(*values: ExpressionValue) -> ExpressionValue:
        numbers = numbers_in(values)
        if not numbers:
            raise ExpressionFault("needs at least one number")
        return choose(numbers)

    return run


def _absolute(value: ExpressionValue) -> ExpressionValue:
    return on_entries(abs, value)


def _round(value: ExpressionValue, decimals: ExpressionValue = Fraction(0)) -> ExpressionValue:
    places = whole_in(decimals, 0, MOST_DECIMALS)
    return on_entries(lambda number: rounded(number, places), value)


def _floor(value: ExpressionValue) -> ExpressionValue:
    return on_entries(lambda number: Fraction(floor(number)), value)


def _ceil(value: ExpressionValue) -> ExpressionValue:
    return on_entries(lambda number: Fraction(ceil(number)), value)


def _sqrt(value: ExpressionValue, decimals: ExpressionValue | None = None) -> ExpressionValue:
    number = needed_number(value)
    if number < 0:
        raise ExpressionFault("a negative number has no square root")
    root = Fraction(isqrt(number.numerator), isqrt(number.denominator))
    if root * root == number:
        return root
    if decimals is None:
        raise ExpressionFault("this number has no exact square root; say how many decimals, as in sqrt(x, 3)")
    places = whole_in(decimals, 0, MOST_DECIMALS)
    return _nearest(_decimal(number).sqrt(EXACTLY), places)


def _exp(value: ExpressionValue, decimals: ExpressionValue) -> ExpressionValue:
    return _nearest(_exponential(needed_number(value)), whole_in(decimals, 0, MOST_DECIMALS))


def _log(value: ExpressionValue, decimals: ExpressionValue) -> ExpressionValue:
    number = needed_number(value)
    if number <= 0:
        raise ExpressionFault("only a positive number has a logarithm")
    return _nearest(_decimal(number).ln(EXACTLY), whole_in(decimals, 0, MOST_DECIMALS))


def _sigmoid(value: ExpressionValue, decimals: ExpressionValue) -> ExpressionValue:
    places = whole_in(decimals, 0, MOST_DECIMALS)
    return _nearest(EXACTLY.divide(Decimal(1), EXACTLY.add(Decimal(1), _exponential(-needed_number(value)))), places)


def _tanh(value: ExpressionValue, decimals: ExpressionValue) -> ExpressionValue:
    places = whole_in(decimals, 0, MOST_DECIMALS)
    share = EXACTLY.divide(Decimal(2), EXACTLY.add(Decimal(1), _exponential(2 * needed_number(value))))
    return _nearest(EXACTLY.subtract(Decimal(1), share), places)


def _exponential(number: Fraction) -> Decimal:
    if abs(number) > LARGEST_EXPONENT:
        raise ExpressionFault(f"needs a number from -{LARGEST_EXPONENT} to {LARGEST_EXPONENT} as the exponent of e")
    return _decimal(number).exp(EXACTLY)


def _decimal(number: Fraction) -> Decimal:
    return EXACTLY.divide(Decimal(number.numerator), Decimal(number.denominator))


def _nearest(number: Decimal, places: int) -> Fraction:
    return rounded(Fraction(number), places)


def _sum(*values: ExpressionValue) -> ExpressionValue:
    total = Fraction(0)
    for number in numbers_in(values):
        total += number
        refuse_huge(total)
    return total


def _product(*values: ExpressionValue) -> ExpressionValue:
    product = Fraction(1)
    for number in numbers_in(values):
        product *= number
        refuse_huge(product)
    return product


def refuse_huge(number: Fraction) -> None:
    """Raise ExpressionFault for a number that would make later steps slow."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
        raise ExpressionFault("the result has more than 60 digits")


def _length(value: ExpressionValue) -> ExpressionValue:
    return Fraction(len(_vector_in(value)))


def _vector_in(value: ExpressionValue) -> tuple[ExpressionValue, ...]:
    if not isinstance(value, tuple):
        raise ExpressionFault(f"needs a vector or a matrix, not {kind_of(value)}")
    return value


def rows_in(value: ExpressionValue) -> list[tuple[ExpressionValue, ...]]:
    if not is_matrix(value):
        raise ExpressionFault(f"needs a matrix, not {kind_of(value)}")
    return [_vector_in(row) for row in _vector_in(value)]


def _transpose(value: ExpressionValue) -> ExpressionValue:
    return tuple(zip(*rows_in(value), strict=True))


def _shape(value: ExpressionValue) -> ExpressionValue:
    if is_matrix(value):
        return (Fraction(len(_vector_in(value))), *_vector_in(_shape(_vector_in(value)[0])))
    return (Fraction(len(value)),) if isinstance(value, tuple) else ()


def _dot(one: ExpressionValue, other: ExpressionValue) -> ExpressionValue:
    """Multiply vectors and matrices; a vector is a row on the left and a column on the right."""
    left = rows_in(one) if is_matrix(one) else [_vector_in(one)]
    columns = rows_in(_transpose(other)) if is_matrix(other) else [_vector_in(other)]
    if len(left[0]) != len(columns[0]):
        raise ExpressionFault(f"{len(left[0])} entries cannot be multiplied by {len(columns[0])}")
    if len(left) * len(columns) * len(columns[0]) > 10 * MOST_ENTRIES:
        raise ExpressionFault("these matrices are too large")
    rows = tuple(tuple(_inner(row, column) for column in columns) for row in left)
    if is_matrix(one):
        return rows if is_matrix(other) else tuple(row[0] for row in rows)
    return rows[0] if is_matrix(other) else rows[0][0]


def _inner(row: tuple[ExpressionValue, ...], column: tuple[ExpressionValue, ...]) -> Fraction:
    pairs = zip(row, column, strict=True)
    number = sum((needed_number(one) * needed_number(other) for one, other in pairs), Fraction(0))
    refuse_huge(number)
    return number


def is_work(*numbers: Fraction) -> bool:
    """Return whether a product of these numbers takes work: none of them is 0, 1 or -1."""
    return all(abs(number) not in (0, 1) for number in numbers)


def _one_step(*_: ExpressionValue) -> int:
    return 1


def _steps_of_sum(*values: ExpressionValue) -> int:
    return max(0, sum(number != 0 for number in numbers_in(values)) - 1)


def _steps_of_product(*values: ExpressionValue) -> int:
    return max(0, sum(is_work(number) for number in numbers_in(values)) - 1)


def _steps_of_dot(one: ExpressionValue, other: ExpressionValue) -> int:
    left = rows_in(one) if is_matrix(one) else [_vector_in(one)]
    columns = rows_in(_transpose(other)) if is_matrix(other) else [_vector_in(other)]
    return sum(_steps_of_inner(row, column) for row in left for column in columns)


def _steps_of_inner(row: tuple[ExpressionValue, ...], column: tuple[ExpressionValue, ...]) -> int:
    pairs = [(needed_number(one), needed_number(other)) for one, other in zip(row, column, strict=True)]
    products = sum(is_work(*pair) for pair in pairs)
    return products + max(0, sum(all(pair) for pair in pairs) - 1)


def _count(value: ExpressionValue, wanted: ExpressionValue) -> ExpressionValue:
    return Fraction(sum(entry == wanted for entry in entries_of(value)))


def _distinct(*values: ExpressionValue) -> ExpressionValue:
    compared = list(entries_of(values[0])) if len(values) == 1 else list(values)
    return all(one != other for index, one in enumerate(compared) for other in compared[:index])


def _apart(gap: ExpressionValue, *values: ExpressionValue) -> ExpressionValue:
    numbers, least = sorted(numbers_in(values)), needed_number(gap)
    return all(high - low >= least for low, high in pairwise(numbers))


def _digits(value: ExpressionValue) -> ExpressionValue:
    return Fraction(significant_digits(needed_number(value)))


def _sorted(value: ExpressionValue) -> ExpressionValue:
    return tuple(sorted(needed_number(entry) for entry in _vector_in(value)))


FUNCTIONS = {
    "min": ExpressionFunction(_extreme(min), 1, ANY, "min(a, b, …)"),
    "max": ExpressionFunction(_extreme(max), 1, ANY, "max(a, b, …)"),
    "abs": ExpressionFunction(_absolute, 1, 1, "abs(x)"),
    "round": ExpressionFunction(_round, 1, 2, "round(x) or round(x, 2)"),
    "floor": ExpressionFunction(_floor, 1, 1, "floor(x)"),
    "ceil": ExpressionFunction(_ceil, 1, 1, "ceil(x)"),
    "sqrt": ExpressionFunction(_sqrt, 1, 2, "sqrt(x) or sqrt(x, 3)", steps=_one_step),
    "exp": ExpressionFunction(_exp, 2, 2, "exp(x, 3): the last number says how many decimals", steps=_one_step),
    "log": ExpressionFunction(_log, 2, 2, "log(x, 3): the last number says how many decimals", steps=_one_step),
    "sigmoid": ExpressionFunction(
        _sigmoid, 2, 2, "sigmoid(x, 3): the last number says how many decimals", steps=_one_step
    ),
    "tanh": ExpressionFunction(_tanh, 2, 2, "tanh(x, 3): the last number says how many decimals", steps=_one_step),
    "sum": ExpressionFunction(_sum, 1, ANY, "sum(v) or sum(a, b, …)", _steps_of_sum),
    "product": ExpressionFunction(_product, 1, ANY, "product(v) or product(a, b, …)", _steps_of_product),
    "len": ExpressionFunction(_length, 1, 1, "len(v)"),
    "dot": ExpressionFunction(_dot, 2, 2, "dot(a, b)", _steps_of_dot),
    "transpose": ExpressionFunction(_transpose, 1, 1, "transpose(w)"),
    "shape": ExpressionFunction(_shape, 1, 1, "shape(w)"),
    "count": ExpressionFunction(_count, 2, 2, "count(v, value)"),
    "distinct": ExpressionFunction(_distinct, 1, ANY, "distinct(a, b, …) or distinct(v)"),
    "apart": ExpressionFunction(_apart, 2, ANY, "apart(gap, a, b, …)"),
    "digits": ExpressionFunction(_digits, 1, 1, "digits(x)"),
    "sorted": ExpressionFunction(_sorted, 1, 1, "sorted(v)"),
}
