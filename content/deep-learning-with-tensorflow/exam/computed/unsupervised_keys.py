"""Keys of the exam's questions on module 4, computed. Each function returns the key of one question."""

import math

import numpy as np


def softplus(z):
    return math.log1p(math.exp(z))


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def order_of_bits():
    bits = {
        "the nearest of 64 k-means centers": math.log2(64),
        "64 sampled hidden units of an RBM": 64,
        "8 principal components as 32-bit numbers": 8 * 32,
        "64 principal components as 32-bit numbers": 64 * 32,
    }
    return sorted(bits, key=bits.get)


def free_energy_of_nothing():
    return -3 * softplus(0)


def quiet_hidden_layer():
    return 200 * sigmoid(-4)


def products_of_three_steps():
    return 1 + 3 * 2


def up_and_down_once():
    return sigmoid(1.5 * sigmoid(2) - 0.5)


def factor_of_a_pixel():
    return math.exp(0.5 + softplus(2) - softplus(0))


def credit_for_a_place():
    return (1 / math.log2(7 + 1)) / (1 / math.log2(1 + 1))


def order_for_a_newcomer():
    films = [(-0.2, (1, -3)), (0.1, (-3, 1)), (-0.4, (2, -1)), (0.3, (-1, 1))]
    ranked = sorted(films, key=lambda film: sigmoid(film[0] + sigmoid(0) * sum(film[1])))
    texts = [f"film with bias {bias} and weights {one} and {other}" for bias, (one, other) in ranked]
    return [text.replace("-", "−") for text in texts]


def share_of_one_image():
    powers = np.exp([0, 1, 1, 2])
    return powers[3] / powers.sum()


def spread_behind_a_start():
    spread_of_scores = math.log(0.731 / 0.269)
    return spread_of_scores / math.sqrt(100)


def precision_of_chance():
    liked, others = 0.2 * 0.5, 0.8 * 0.1
    return liked / (liked + others)


def both_pixels_on():
    weight = math.log(3)
    one, both = (1 + math.exp(number * weight) for number in (1, 2))
    return both / one


def bias_of_a_pixel():
    return math.log(0.25 / 0.75)


def bits_of_a_center():
    return math.log2(256)
