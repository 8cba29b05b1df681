"""The keys of module 1's templates by other means than their authors used, mostly by doing what the prompts describe."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

type Values = Mapping[str, str]

NEARLY = 1e-12


def input_of_even_odds(values: Values) -> Fraction:
    """Search the tenths for the input at which the probability is one half."""
    weight, bias = float(values["w"]), float(values["b"])
    tenths = (Fraction(n, 10) for n in range(-100, 101))
    return next(x for x in tenths if math.isclose(1 / (1 + math.exp(-(weight * float(x) + bias))), 0.5))


def rectified_sum(values: Values) -> Fraction:
    """Rectify the scores one by one, as a layer does."""
    layer = np.array(vector(values["s"]), dtype=float)
    return Fraction(float(np.maximum(layer, 0).sum()))


def best_intercept(values: Values) -> Fraction:
    """Search the twelfths for the intercept with the smallest mean squared error."""
    heights = [Fraction(n) for n in vector(values["y"])]

    def error(intercept: Fraction) -> Fraction:
        squares = [(x + intercept - y) ** 2 for x, y in enumerate(heights, 1)]
        return sum(squares, Fraction(0)) / len(squares)

    return min((Fraction(n, 12) for n in range(-600, 601)), key=error)


def share_of_right_classes(values: Values) -> Fraction:
    """Run the listing, on the probabilities of the prompt."""
    off = [Fraction(n) for n in vector(values["first"])]
    probabilities = np.array([[float(p), float(1 - p)] for p in off])
    labels = np.array([int(n) for n in vector(values["labels"])])
    return Fraction(int(np.count_nonzero(probabilities.argmax(axis=1) == labels)), len(labels))


def slope_of_a_unit(values: Values) -> float:
    """Take the slope of the sigmoid from two outputs beside the score that gives this output."""
    output, step = float(values["a"]), 1e-4
    score = bisected(lambda z: 1 / (1 + math.exp(-z)) - output, -20, 20)
    outputs = [1 / (1 + math.exp(-z)) for z in (score - step, score + step)]
    return (outputs[1] - outputs[0]) / (2 * step)


def weight_from_two_inputs(values: Values) -> float:
    """Search the weight of the unit that is undecided at the first input and this sure at the second."""
    near, far = float(values["x"]), float(values["x"]) + float(values["gap"])
    share = float(values["percent"]) / 100
    return bisected(lambda weight: 1 / (1 + math.exp(-weight * (far - near))) - share, 0, 20)


def rate_for_one_jump(values: Values) -> float:
    """Search the curvature that gives the second loss after a step, and then the rate that ends at 0."""
    rate, losses = float(values["rate"]), [float(values[name]) for name in ("start", "second")]

    def second_loss(curvature: float) -> float:
        start = math.sqrt(losses[0] / curvature)
        return curvature * (start - rate * 2 * curvature * start) ** 2

    # While the weight stays positive, a larger curvature leaves a smaller loss.
    curvature = bisected(lambda c: losses[1] - second_loss(c), NEARLY, 1 / (2 * rate))
    return bisected(lambda jump: jump * 2 * curvature - 1, 0, 100)


def doubled_variable(values: Values) -> int:
    state = int(values["start"])
    for _ in range(int(values["times"])):
        state += state
    return state


def joined_and_averaged(values: Values) -> list[int]:
    first, second, columns = (int(values[name]) for name in ("first", "second", "columns"))
    joined = np.concatenate([np.zeros((first, columns)), np.zeros((second, columns))], axis=0)
    return list(joined.mean(axis=0, keepdims=True).shape)


def mean_squared_error(values: Values) -> float:
    """Compare the line with the points of the prompt."""
    predictions = int(values["slope"]) * np.arange(1, 4)
    return float(np.mean((predictions - np.array(vector(values["y"]), dtype=float)) ** 2))


def slope_from_a_tape(values: Values) -> Fraction:
    """Take the slope from two points of the loss, which is exact for a parabola."""
    weight, x, target = (Fraction(values[name]) for name in ("w", "x", "target"))

    def loss(at: Fraction) -> Fraction:
        return (at * x - target) ** 2

    return (loss(weight + 1) - loss(weight - 1)) / 2


def rate_after_steps(values: Values) -> Fraction:
    """Train, and lower the rate whenever enough steps are over."""
    rate, every = Fraction(values["start"]), int(values["every"])
    for step in range(1, int(values["step"]) + 1):
        if step % every == 0:
            rate *= Fraction(values["factor"])
    return rate


def pull_on_the_true_score(values: Values) -> float:
    """Take the slope of the cross-entropy from two scores beside one that gives these probabilities."""
    scores, step = np.log([float(values[name]) for name in ("first", "second", "p")]), 1e-4

    def loss(shift: float) -> float:
        powers = np.exp(scores + np.array([0, 0, shift]))
        return -math.log(powers[2] / powers.sum())

    return (loss(step) - loss(-step)) / (2 * step)


def bisected(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function is 0."""
    while high - low > NEARLY:
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return low


def vector(text: str) -> list[str]:
    """Return the numbers of a drawn vector."""
    return text.strip("[]").split(", ")


KEYS: dict[str, Callable[[Values], object]] = {
    "exam-even-odds": input_of_even_odds,
    "exam-rectified-sum": rectified_sum,
    "exam-best-intercept": best_intercept,
    "exam-share-of-right-classes": share_of_right_classes,
    "exam-slope-of-a-confident-unit": slope_of_a_unit,
    "exam-weight-from-two-inputs": weight_from_two_inputs,
    "exam-rate-for-one-jump": rate_for_one_jump,
    "doubling-variable": doubled_variable,
    "joined-and-averaged": joined_and_averaged,
    "mean-squared-error-by-hand": mean_squared_error,
    "slope-from-a-tape": slope_from_a_tape,
    "rate-after-350-steps": rate_after_steps,
    "pull-on-the-true-score": pull_on_the_true_score,
}
