"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def broadcast_shape():
    return list((np.zeros((32, 1)) - np.zeros(32)).shape)


def smaller_rate():
    x, y = np.array([1, 2]), np.array([3, 5])
    slopes = [2 * np.mean((0 * inputs - y) * inputs) for inputs in (x, 1000 * x)]
    return round(slopes[1] / slopes[0] * 1000)  # the step of `a` must become 1,000 times smaller


def probability_at_five():
    return 1 / (1 + np.exp(-(0.8 * 5 - 2)))
