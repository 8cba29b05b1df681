"""Keys of the exam's questions on module 1, computed. Each function returns the key of one question."""

import math

import numpy as np


def nested_shape():
    return list(np.array([[[1], [2]], [[3], [4]], [[5], [6]]]).shape)


def growth_of_half_a_unit():
    return 3 * 0.5


def one_parameter_step():
    x, y, w = 3, 6, 1
    return w - 0.05 * 2 * (w * x - y) * x


def loss_of_the_first_class():
    powers = np.exp([0, math.log(3)])
    return -np.log(powers[0] / powers.sum())


def order_at_two():
    z = 2.0
    values = {
        "sigmoid": 1 / (1 + math.exp(-z)),
        "tanh": math.tanh(z),
        "step": 1.0,
        "ReLU": max(0.0, z),
        "softplus": math.log1p(math.exp(z)),
    }
    return sorted(values, key=values.get)


def jumping_rate():
    """w - rate * 8 w = -w, for every w."""
    return 2 / 8


def ratio_of_gradients():
    p = 0.02
    return 1 / (p * (1 - p))
