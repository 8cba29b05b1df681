"""The keys of the templates about unsupervised learning, by other means than their authors used: by doing what is asked."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

type Values = Mapping[str, str]


def center_of_a_group(values: Values) -> Fraction:
    """Assign the points and move the first center, as one update of k-means does."""
    last = Fraction(values["last"])
    points = [*numbers(values["p"]), Fraction(values["far"]), last]
    group = [point for point in points if nearest(point, [Fraction(0), last]) == 0]
    return sum(group, Fraction(0)) / len(group)


def sum_that_k_means_lowers(values: Values) -> Fraction:
    """Add the squared distances from the points of the prompt to their nearest centers."""
    centers = [Fraction(values["a"]) + 2, Fraction(values["right"])]
    return sum((nearest(point, centers) - point) ** 2 for point in numbers(values["points"]))


def terms_of_a_sum(values: Values) -> int:
    return count_states(int(values["visible"]) + int(values["hidden"]))


def two_ways_to_sum(values: Values) -> int:
    return count_states(int(values["visible"])) - count_states(int(values["hidden"]))


def step_of_a_visible_bias(values: Values) -> Fraction:
    """Take the slope of the difference of both energies, which is linear in the bias."""
    rate, image, again = (Fraction(values[name]) for name in ("rate", "image", "again"))

    def fit(bias: Fraction) -> Fraction:
        return energy(again, [], bias, []) - energy(image, [], bias, [])

    return rate * (fit(Fraction(1)) - fit(Fraction(0)))


def energy_of_one_pixel(values: Values) -> Fraction:
    """Compare the energies of both states, with the same hidden units."""
    bias, weights, hidden = Fraction(values["bias"]), numbers(values["w"]), [1, 1, 0]
    before, after = (energy(Fraction(pixel), hidden, bias, weights) for pixel in (1, 0))
    return after - before


def mean_of_a_gaussian_unit(values: Values) -> Fraction:
    """Find the value of lowest energy from three points of the parabola: a normal distribution has its mean there."""
    bias, weights, off = Fraction(values["bias"]), numbers(values["w"]), int(values["off"])
    hidden = [int(unit != off) for unit in range(len(weights))]

    def gaussian(visible: int) -> Fraction:
        return (visible - bias) ** 2 / 2 + energy(Fraction(visible), hidden, Fraction(0), weights)

    left, middle, right = (gaussian(visible) for visible in (-1, 0, 1))
    return (left - right) / (2 * (left - 2 * middle + right))


def independent_pixels(values: Values) -> float:
    """Weigh the four states of both pixels as Boltzmann does; hidden units without weights change no share."""
    shares = [int(values[name]) / 100 for name in ("first", "second")]
    biases = [math.log(share / (1 - share)) for share in shares]
    weighed = {state: math.exp(math.sumprod(biases, state)) for state in product((0, 1), repeat=2)}
    return weighed[1, 1] / sum(weighed.values())


def parameters_for_two_units(values: Values) -> int:
    """Build the weights and both biases, with a visible unit for every pair of a film and an opinion."""
    visible = len(list(product(range(int(values["films"])), ("liked", "disliked"))))
    hidden = int(values["hidden"])
    return sum(np.zeros(shape).size for shape in ((visible, hidden), visible, hidden))


def variance_on_one_axis(values: Values) -> float:
    variance, covariance = (float(values[name]) for name in ("variance", "covariance"))
    kept = np.linalg.eigvalsh(np.array([[variance, covariance], [covariance, variance]]))
    return float(kept.max() / kept.sum())


def shape_of_what_goes_together(values: Values) -> list[int]:
    images, pixels, hidden = (int(values[name]) for name in ("images", "pixels", "hidden"))
    return list((np.zeros((images, pixels)).T @ np.zeros((images, hidden))).shape)


def recall_of_ten(values: Values) -> Fraction:
    """Recommend ten films by number, of which the user likes the last ones."""
    first_liked = 10 - int(values["hits"])
    liked = set(range(first_liked, first_liked + int(values["liked"])))
    return Fraction(len(liked & set(range(10))), len(liked))


def popular_by_three(values: Values) -> Fraction:
    """Write the ratings as ones and zeros, with one more of both."""
    ratings = [int(rating < int(values["likes"])) for rating in range(int(values["ratings"]))]
    ratings += [1, 0]
    return Fraction(sum(ratings), len(ratings))


def numbers(text: str) -> list[Fraction]:
    return json.loads(text, parse_int=Fraction, parse_float=Fraction)


def nearest(point: Fraction, centers: Sequence[Fraction]) -> Fraction:
    return min(centers, key=lambda center: abs(point - center))


def energy(visible: Fraction, hidden: Sequence[int], bias: Fraction, weights: Sequence[Fraction]) -> Fraction:
    """Return the energy of a machine with one visible unit, without the terms of the hidden biases."""
    return -bias * visible - sum(weight * visible * unit for weight, unit in zip(weights, hidden, strict=True))


def count_states(units: int) -> int:
    """List the states of this many binary units."""
    return len(set(product((0, 1), repeat=units)))


KEYS: dict[str, Callable[[Values], object]] = {
    "exam-center-of-a-group": center_of_a_group,
    "exam-terms-of-a-sum": terms_of_a_sum,
    "exam-step-of-a-visible-bias": step_of_a_visible_bias,
    "exam-parameters-for-two-units": parameters_for_two_units,
    "exam-mean-of-a-gaussian-unit": mean_of_a_gaussian_unit,
    "exam-independent-pixels": independent_pixels,
    "exam-variance-on-one-axis": variance_on_one_axis,
    "sum-that-k-means-lowers": sum_that_k_means_lowers,
    "energy-of-one-pixel": energy_of_one_pixel,
    "shape-of-what-goes-together": shape_of_what_goes_together,
    "recall-of-ten": recall_of_ten,
    "popular-by-three": popular_by_three,
    "two-ways-to-sum": two_ways_to_sum,
}
