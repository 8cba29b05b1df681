"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def doubled_state():
    state = 10
    for _ in range(3):
        state = state * 2
    return state


def broadcast_shape():
    return list((np.zeros((32, 1)) - np.zeros(32)).shape)


def mean_squared_error():
    x, y = np.array([1, 2, 3]), np.array([2, 3, 7])
    return np.mean((2 * x - y) ** 2)


def one_gradient_step():
    x, y, a = np.array([1, 2]), np.array([3, 5]), 2.0
    return a - 0.1 * 2 * np.mean((a * x - y) * x)


def probability_at_five():
    return 1 / (1 + np.exp(-(0.8 * 5 - 2)))


def decayed_rate():
    return 0.0008 * 0.95 ** (350 // 100)
