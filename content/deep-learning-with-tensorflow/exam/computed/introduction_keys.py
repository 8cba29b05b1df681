"""Keys of the exam's questions on module 1, computed. Each function returns the key of one question."""

import math

import numpy as np


def nested_shape():
    return list(np.array([[[1], [2]], [[3], [4]], [[5], [6]]]).shape)


def columns_of_degree_four():
    return np.vander(np.arange(30), 4 + 1).shape[1]


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
    """w - rate * 20 w = -w, for every w."""
    return 2 / 20


def kept_axis():
    return list(np.zeros([6, 5, 4]).sum(axis=1, keepdims=True).shape)


def mean_of_a_square_table():
    prediction, target = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])
    return np.mean((prediction - target) ** 2)


def factor_after_a_step():
    p, label = np.array([0.2, 0.5, 0.3]), np.array([0, 1, 0])
    after = p * np.exp(-2 * (p - label))
    return (after[1] / after[0]) / (p[1] / p[0])
