"""Evaluate expressions, and count the steps of arithmetic that somebody takes who does the same by hand."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

from questions.variants.expressions import Expression, ExpressionNode
from questions.variants.functions import FUNCTIONS, is_work, needed_number, refuse_huge
from questions.variants.values import MOST_BITS, MOST_ENTRIES, ExpressionFault, ExpressionValue, entries_of, kind_of

MOST_WORK = 5_000  # parts and entries that one variant may evaluate
COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
EQUAL: Mapping[str, Callable[[object, object], bool]] = {"==": eq, "!=": ne}


class Evaluation:
    """The evaluation of the expressions of one variant. `values` are those known so far; `steps` counts arithmetic."""

    def __init__(self, values: Mapping[str, ExpressionValue]) -> None:
        self.values = dict(values)
        self.steps = 0
        self.work = 0

    def of(self, expression: Expression) -> ExpressionValue:
        """Return the value of an expression. Raises ExpressionFault."""
        return self._value(expression.root)

    def is_true(self, expression: Expression) -> bool:
        return self._truth(expression.root)

    def _value(self, node: ExpressionNode) -> ExpressionValue:
        self._spend(1)
        if node.kind == "name":
            return self._name(node)
        try:
            value = KINDS[node.kind](self, node)
            if isinstance(value, Fraction):
                refuse_huge(value)
            elif isinstance(value, tuple):
                for entry in entries_of(value):
                    if isinstance(entry, Fraction):
                        refuse_huge(entry)
        except ExpressionFault as fault:
            raise ExpressionFault(fault.message, fault.at or node.at) from None
        return value

    def _spend(self, work: int) -> None:
        self.work += work
        if self.work > MOST_WORK:
            raise ExpressionFault("this takes too many steps to evaluate")

    def _truth(self, node: ExpressionNode) -> bool:
        value = self._value(node)
        if not isinstance(value, bool):
            raise ExpressionFault(f"needs a truth value, such as n > 0, not {kind_of(value)}", node.at)
        return value

    def _name(self, node: ExpressionNode) -> ExpressionValue:
        name = node.words[0]
        if name not in self.values:
            raise ExpressionFault(f"“{name}” is not a value of this question", node.at)
        return self.values[name]

    def _literal(self, node: ExpressionNode) -> ExpressionValue:
        return node.value

    def _vector(self, node: ExpressionNode) -> ExpressionValue:
        vector = tuple(self._value(part) for part in node.parts)
        entries = sum(1 for _ in entries_of(vector))
        if entries > MOST_ENTRIES:
            raise ExpressionFault(f"a vector or a matrix has at most {MOST_ENTRIES} entries", node.at)
        self._spend(entries)
        return vector

    def _condition(self, node: ExpressionNode) -> ExpressionValue:
        test, then, otherwise = node.parts
        return self._value(then if self._truth(test) else otherwise)

    def _and(self, node: ExpressionNode) -> ExpressionValue:
        return all(self._truth(part) for part in node.parts)

    def _or(self, node: ExpressionNode) -> ExpressionValue:
        return any(self._truth(part) for part in node.parts)

    def _not(self, node: ExpressionNode) -> ExpressionValue:
        return not self._truth(node.parts[0])

    def _comparison(self, node: ExpressionNode) -> ExpressionValue:
        """Compare neighbors, so that 0 < n < 5 means what it says."""
        left = self._value(node.parts[0])
        for word, part in zip(node.words, node.parts[1:], strict=True):
            right = self._value(part)
            if not _compare(word, left, right):
                return False
            left = right
        return True

    def _arithmetic(self, node: ExpressionNode) -> ExpressionValue:
        value = self._value(node.parts[0])
        for word, part in zip(node.words, node.parts[1:], strict=True):
            value = self._combine(word, value, self._value(part))
        return value

    def _negative(self, node: ExpressionNode) -> ExpressionValue:
        return self._combine("*", Fraction(-1), self._value(node.parts[0]))

    def _combine(self, word: str, one: ExpressionValue, other: ExpressionValue) -> ExpressionValue:
        """Combine two numbers, two vectors of the same length, or a vector and a number."""
        if isinstance(one, tuple) and isinstance(other, tuple):
            if word not in "+-" or len(one) != len(other):
                raise ExpressionFault(f"“{word}” does not combine these two; dot(a, b) multiplies vectors and matrices")
            return tuple(self._combine(word, a, b) for a, b in zip(one, other, strict=True))
        if isinstance(one, tuple) and word in ("*", "/"):
            return tuple(self._combine(word, part, other) for part in one)
        if isinstance(other, tuple) and word == "*":
            return tuple(self._combine(word, one, part) for part in other)
        self._spend(1)
        left, right = needed_number(one), needed_number(other)
        self.steps += _is_step(word, left, right)
        return ARITHMETIC[word](left, right)

    def _index(self, node: ExpressionNode) -> ExpressionValue:
        value = self._value(node.parts[0])
        for part in node.parts[1:]:
            index = self._value(part)
            if not isinstance(value, tuple):
                raise ExpressionFault(f"{kind_of(value)} has no entries", part.at)
            value = value[_position(index, len(value), part.at)]
        return value

    def _call(self, node: ExpressionNode) -> ExpressionValue:
        name = node.words[0]
        arguments = [self._value(part) for part in node.parts]
        self._spend(sum(1 for argument in arguments for _ in entries_of(argument)))
        try:
            value = FUNCTIONS[name].run(*arguments)
            self.steps += FUNCTIONS[name].steps(*arguments)
        except ExpressionFault as fault:
            raise ExpressionFault(f"{name}: {fault.message}", node.at) from None
        return value


KINDS: Mapping[str, Callable[[Evaluation, ExpressionNode], ExpressionValue]] = {
    "name": Evaluation._name,
    "literal": Evaluation._literal,
    "vector": Evaluation._vector,
    "condition": Evaluation._condition,
    "and": Evaluation._and,
    "or": Evaluation._or,
    "not": Evaluation._not,
    "comparison": Evaluation._comparison,
    "arithmetic": Evaluation._arithmetic,
    "negative": Evaluation._negative,
    "index": Evaluation._index,
    "call": Evaluation._call,
}


def _compare(word: str, left: ExpressionValue, right: ExpressionValue) -> bool:
    if kind_of(left) != kind_of(right):
        raise ExpressionFault(f"{kind_of(left)} cannot be compared with {kind_of(right)}")
    if word in EQUAL:
        return EQUAL[word](left, right)
    return COMPARED[word](needed_number(left), needed_number(right))


def _position(index: ExpressionValue, length: int, at: int) -> int:
    """Return a position that is in a vector. It counts from 0, and from the end if it is negative."""
    if not isinstance(index, Fraction) or index.denominator != 1:
        raise ExpressionFault(f"an entry is named by a whole number, not {kind_of(index)}", at)
    if not -length <= index < length:
        raise ExpressionFault(f"there is no entry {index}: {length} entries count from 0", at)
    return int(index)


def _is_step(word: str, left: Fraction, right: Fraction) -> bool:
    """Return whether this takes work by hand: not adding 0, and not multiplying by 0, 1 or -1."""
    if word in "+-":
        return bool(left and right)
    if word == "*":
        return is_work(left, right)
    return bool(left) and is_work(right)


def _divided(left: Fraction, right: Fraction) -> Fraction:
    if not right:
        raise ExpressionFault("this divides by 0")
    return left / right


def _whole_quotient(left: Fraction, right: Fraction) -> Fraction:
    return Fraction(_divided(left, right).__floor__())


def _remainder(left: Fraction, right: Fraction) -> Fraction:
    return left - right * _whole_quotient(left, right)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """Return a power with a whole exponent. One that would be too long is refused before it is computed."""
    if exponent.denominator != 1:
        raise ExpressionFault("an exponent must be a whole number; sqrt(x) takes a root")
    if not base:
        return Fraction(not exponent) if exponent >= 0 else _divided(base, base)
    if abs(base) == 1:
        return base if exponent % 2 else abs(base)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if (bits - 1) * abs(exponent) > MOST_BITS:
        raise ExpressionFault("this power has more than 60 digits")
    return Fraction(base ** int(exponent))


ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": Fraction.__add__,
    "-": Fraction.__sub__,
    "*": Fraction.__mul__,
    "/": _divided,
    "//": _whole_quotient,
    "%": _remainder,
    "**": _power,
}


def names_missing(expression: Expression, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the names that an expression reads and that are not known, in the order of the alphabet."""
    yield from sorted(expression.names - set(known))
