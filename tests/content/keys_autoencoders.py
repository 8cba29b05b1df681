"""The keys of the templates on autoencoders, computed by building, sliding and searching what their prompts speak of."""

import json
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import count, pairwise

import numpy as np

from tests.content.templates import Values, parameters


def decoded_images(values: Values) -> list[int]:
    side, channels = int(values["side"]), int(values["channels"])
    decoded = np.zeros((int(values["images"]), int(values["values"])))
    return list(decoded.reshape(-1, side, side, channels).shape)


def map_made_larger(values: Values) -> list[int]:
    larger = enlarged(int(values["side"]), int(values["stride"]))
    return [int(values["batch"]), larger, larger, int(values["kernels"])]


def loss_of_a_sparse_code(values: Values) -> Fraction:
    loss = Fraction(values["error"])
    for entry in numbers(values["code"]):
        loss += Fraction(values["weight"]) * (entry if entry > 0 else -entry)
    return loss


def variance_left_over(values: Values) -> float:
    """Reconstruct points with these variances, turned at random, from their first two principal components."""
    spread = np.diag([math.sqrt(variance) for variance in numbers(values["v"])])
    turned = np.vstack([spread, -spread]) @ np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    axes = np.linalg.svd(turned)[2][:2]
    return float(((turned - turned @ axes.T @ axes) ** 2).sum() / (turned**2).sum())


def spread_of_a_small_map(values: Values) -> Fraction:
    """Add a copy of the kernel for each input, two places after the one before."""
    spread = [Fraction(0)] * 5
    for start, number in enumerate(numbers(values["x"])):
        for offset, weight in enumerate(numbers(values["kernel"])):
            spread[2 * start + offset] += number * weight
    return spread[2]


def best_line_through_four(values: Values) -> float:
    """Try a line through the center for each degree."""
    a, b = int(values["a"]), int(values["b"])
    points = [(a, a), (-a, -a), (b, -b), (-b, b)]
    return min(mean_distance(points, math.radians(degree)) for degree in range(180))


def how_much_shorter(values: Values) -> Fraction:
    side = int(values["side"])
    return Fraction(np.zeros((side, side, 3)).size, int(values["code"]))


def decoder_against_encoder(values: Values) -> int:
    inputs, hidden, code = (int(values[name]) for name in ("inputs", "hidden", "code"))
    return parameters(dense([code, hidden, inputs])) - parameters(dense([inputs, hidden, code]))


def shape_of_a_cloud(values: Values) -> list[int]:
    encoded = np.zeros((int(values["batch"]), int(values["outputs"])))
    return list(np.split(encoded, 2, axis=1)[0].shape)


def down_twice_and_up_twice(values: Values) -> int:
    narrowest = positions(positions(int(values["size"]), 2), 2)
    return enlarged(enlarged(narrowest, 2), 2)


def shape_for_the_second(values: Values) -> list[int]:
    """Send one image through the first machine."""
    pixels, first = int(values["pixels"]), int(values["first"])
    return [int(values["images"]), *(np.zeros(pixels) @ np.zeros((pixels, first))).shape]


def derivatives_of_an_entry(values: Values) -> float:
    """Move each input a little in both directions, from 0 and with the bias that gives this z."""
    weights = np.array([float(weight) for weight in numbers(values["w"])])
    z = float(values["z"])
    bias, step = math.log(z / (1 - z)), 1e-5

    def entry(x: np.ndarray) -> float:
        return 1 / (1 + math.exp(-(weights @ x) - bias))

    return sum(((entry(move) - entry(-move)) / (2 * step)) ** 2 for move in step * np.eye(3))


def numbers(text: str) -> list[Fraction]:
    """Return the entries of a vector exactly."""
    return [Fraction(entry) for entry in json.loads(text, parse_int=str, parse_float=str)]


def positions(size: int, stride: int) -> int:
    """Return at how many places a padded kernel stands that moves by this stride."""
    return len(range(0, size, stride))


def enlarged(size: int, stride: int) -> int:
    """Return the largest map from which a padded convolution with this stride makes one of this size."""
    return next(larger for larger in count(1) if positions(larger + 1, stride) > size)


def mean_distance(points: list[tuple[int, int]], angle: float) -> float:
    """Return the mean squared distance of points to the line through the center at this angle."""
    across = (-math.sin(angle), math.cos(angle))
    return sum((x * across[0] + y * across[1]) ** 2 for x, y in points) / len(points)


def dense(widths: list[int]) -> list[np.ndarray]:
    """Return the weights and biases of dense layers, one after another."""
    return [array for pair in pairwise(widths) for array in (np.zeros(pair), np.zeros(pair[1]))]


KEYS: dict[str, Callable[[Values], object]] = {
    "exam-decoded-images": decoded_images,
    "exam-map-made-larger": map_made_larger,
    "exam-loss-of-a-sparse-code": loss_of_a_sparse_code,
    "exam-variance-left-over": variance_left_over,
    "exam-spread-of-a-small-map": spread_of_a_small_map,
    "exam-best-line-through-four": best_line_through_four,
    "how-much-shorter": how_much_shorter,
    "decoder-against-encoder": decoder_against_encoder,
    "shape-of-a-cloud": shape_of_a_cloud,
    "down-twice-and-up-twice": down_twice_and_up_twice,
    "shape-for-the-second": shape_for_the_second,
    "derivatives-of-an-entry": derivatives_of_an_entry,
}
