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


def smaller_rate():
    x, y = np.array([1, 2]), np.array([3, 5])
    slopes = [2 * np.mean((0 * inputs - y) * inputs) for inputs in (x, 1000 * x)]
    return round(slopes[1] / slopes[0] * 1000)  # the step of `a` must become 1,000 times smaller


def probability_at_five():
    return 1 / (1 + np.exp(-(0.8 * 5 - 2)))


def decayed_rate():
    return 0.0008 * 0.95 ** (350 // 100)


def joined_and_averaged():
    joined = np.concatenate([np.zeros((4, 3)), np.zeros((2, 3))])
    return list(joined.mean(axis=0, keepdims=True).shape)


def slope_of_a_square():
    """The derivative of (w x - 11)^2 at w = 3 and x = 2."""
    return 2 * (3 * 2 - 11) * 2


def pull_on_the_true_score():
    return 0.2 - 1
