"""Mistakes in numbers that the judge recognizes in every lab, besides the near misses that authors name.

Each is a sentence, and what somebody who makes this mistake would answer instead of the right numbers. A probe compares
a wrong answer with them if its inputs are drawn: there, the sentence cannot give the answer away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

CLOSE = 1e-4  # a fraction of the largest value; a tolerance for training would let chance look like a mistake
ENOUGH = 3  # numbers in all rounds; fewer may agree by chance

type Numbers = np.ndarray


@dataclass(frozen=True)
class CommonMistake:
    """A mistake: `makes` returns its answer, from the right one and the lengths of the arrays among the inputs."""

    sentence: str
    makes: Callable[[Numbers, Sequence[int]], Numbers]


def _times(factor: float) -> Callable[[Numbers, Sequence[int]], Numbers]:
    return lambda right, _lengths: factor * right


def _plus(number: float) -> Callable[[Numbers, Sequence[int]], Numbers]:
    return lambda right, _lengths: right + number


def _summed(right: Numbers, lengths: Sequence[int]) -> Numbers:
    return right * lengths[0]


def _averaged(right: Numbers, lengths: Sequence[int]) -> Numbers:
    return right / lengths[0]


def _transposed(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return right.T


def _reversed(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return right[::-1]


def _complement(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return 1 - right


def _reciprocal(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return 1 / right


def _squared(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return right**2


def _rooted(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return np.sqrt(right)


def _magnitude(right: Numbers, _lengths: Sequence[int]) -> Numbers:
    return np.abs(right)


COMMON_MISTAKES = (
    CommonMistake("Your values have the opposite sign of the expected ones.", _times(-1)),
    CommonMistake("Your values are half of the expected ones. Did you divide by 2, or leave out a factor of 2?", _times(0.5)),
    CommonMistake("Your values are twice the expected ones. Did you forget to divide by 2, or double twice?", _times(2)),
    CommonMistake("Your values are 100 times the expected ones. Are they percentages in place of shares?", _times(100)),
    CommonMistake("Your values are a hundredth of the expected ones. Are they shares in place of percentages?", _times(0.01)),
    CommonMistake("Your values are in degrees, and the expected ones are in radians.", _times(180 / np.pi)),
    CommonMistake("Your values are in radians, and the expected ones are in degrees.", _times(np.pi / 180)),
    CommonMistake(
        "Your values are as large as with logarithms to base 2. The expected ones use the natural logarithm.",
        _times(1 / np.log(2)),
    ),
    CommonMistake(
        "Your values are as large as with logarithms to base 10. The expected ones use the natural logarithm.",
        _times(1 / np.log(10)),
    ),
    CommonMistake("All your values are too large by 1. Did you count from 1 in place of 0?", _plus(1)),
    CommonMistake("All your values are too small by 1. Did you count from 0 in place of 1?", _plus(-1)),
    CommonMistake("Your values are 1 minus the expected ones. Are they the opposite probabilities?", _complement),
    CommonMistake("Your array is the transpose of the expected one. Did you swap rows and columns?", _transposed),
    CommonMistake("Your values are the expected ones in reverse order.", _reversed),
    CommonMistake("Your values are the expected ones times the length of the input. Did you add up instead of averaging?", _summed),
    CommonMistake("Your values are the expected ones divided by the length of the input. Did you average the values?", _averaged),
    CommonMistake("Your values are 1 divided by the expected ones. Did you swap dividend and divisor?", _reciprocal),
    CommonMistake("Your values are the squares of the expected ones. Did you forget a square root?", _squared),
    CommonMistake("Your values are the square roots of the expected ones. Did you take a root too many, or forget a square?", _rooted),
    CommonMistake("Your values are the expected ones without their sign. Did you take the absolute value?", _magnitude),
)  # fmt: skip


def makes_mistake(mistake: CommonMistake, given: Numbers, right: Numbers, inputs: Sequence[Any]) -> bool:
    """Return whether these numbers are the mistake's answer."""
    lengths = [len(value) for value in inputs if isinstance(value, np.ndarray) and value.ndim]
    try:
        with np.errstate(all="ignore"):
            made = mistake.makes(right, lengths)
    except IndexError:  # it needs an array among the inputs, or an axis
        return False
    if made.shape != given.shape or not np.isfinite(made).all() or not made.size:
        return False
    return bool((np.abs(given - made) <= CLOSE * np.abs(made).max()).all())
