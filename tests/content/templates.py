"""The keys of the shipped templates by other means than their authors used: by building what the question speaks of."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise

import numpy as np

type Values = Mapping[str, str]


def rows_that_are_left(values: Values) -> int:
    """Slide a kernel down an image, as often as there are layers."""
    rows, kernel = int(values["size"]), int(values["kernel"])
    for _ in range(int(values["layers"])):
        rows = sum(1 for top in range(rows) if top + kernel <= rows)
    return rows


def third_weight_matrix(values: Values) -> list[int]:
    widths = [784, *(int(values[name]) for name in ("first", "second", "third"))]
    return list([np.zeros(pair) for pair in pairwise(widths)][-1].shape)


def saved_by_tying(values: Values) -> int:
    """Count the parameters of both networks, where a tied matrix is the same array."""
    inputs, code = int(values["inputs"]), int(values["code"])
    encoder, biases = np.zeros((inputs, code)), [np.zeros(code), np.zeros(inputs)]
    untied = [encoder, np.zeros((code, inputs)), *biases]
    tied = [encoder, encoder, *biases]
    return parameters(untied) - parameters(tied)


def one_step_down(values: Values) -> Fraction:
    """Take the slope from two points of the loss, which is exact for a parabola."""
    best, weight, rate = (Fraction(values[name]) for name in ("best", "w", "rate"))

    def loss(at: Fraction) -> Fraction:
        return (at - best) ** 2

    return weight - rate * (loss(weight + 1) - loss(weight - 1)) / 2


def chance_from_energies(values: Values) -> float:
    """Weigh both states as Boltzmann does."""
    off, on = (math.exp(float(values[name])) for name in ("off", "on"))
    return on / (on + off)


def parameters_of_a_machine(values: Values) -> int:
    visible, hidden = int(values["visible"]), int(values["hidden"])
    return parameters([np.zeros((visible, hidden)), np.zeros(visible), np.zeros(hidden)])


def weight_that_stays(values: Values) -> Fraction:
    """Search the thousandths for the one at which both products are equal."""
    before = Fraction(values["h"])
    after = Fraction(values["v"])
    return next(Fraction(n, 1000) for n in range(1001) if after * Fraction(n, 1000) == before)


def parameters_of_a_stack(values: Values) -> int:
    widths = [*(int(values[name]) for name in ("pixels", "first", "second")), 10]
    return parameters([array for pair in pairwise(widths) for array in (np.zeros(pair), np.zeros(pair[1]))])


def parameters(arrays: list[np.ndarray]) -> int:
    """Return how many numbers different arrays hold."""
    return sum({id(array): array.size for array in arrays}.values())


KEYS: dict[str, Callable[[Values], object]] = {
    "exam-rows-that-are-left": rows_that_are_left,
    "exam-third-weight-matrix": third_weight_matrix,
    "exam-saved-by-tying": saved_by_tying,
    "exam-one-step-down": one_step_down,
    "exam-chance-from-energies": chance_from_energies,
    "exam-parameters-of-a-machine": parameters_of_a_machine,
    "weight-that-stays": weight_that_stays,
    "parameters-of-a-stack": parameters_of_a_stack,
}
