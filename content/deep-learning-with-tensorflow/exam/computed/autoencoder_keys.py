"""Keys of the exam questions on module 5, computed. Each function returns the key of one question."""

import numpy as np


def code_length():
    return 1000 / 12.5


def decoded_shape():
    return list(np.zeros((20, 784)).reshape(-1, 28, 28, 1).shape)


def visible_probability():
    return 1 / (1 + np.exp(-(np.array([1, 0, 1]) @ np.array([1, 2, -3]) + 0.5)))


def tied_parameters():
    return 50 * 10 + 10 + 50


def pixel_price():
    x, seen = np.array([1, 0]), np.array([0.8, 0.4])
    return -np.sum(x * np.log(seen) + (1 - x) * np.log(1 - seen))


def divergence_of_two():
    m, s = np.array([1, -1]), np.array([1, 0.5])
    return np.sum(m**2 + s**2 - 1 - np.log(s**2)) / 2


def mean_change():
    data, dream = np.array([1 * 0.6, 0 * 0.3]), np.array([0.7 * 0.5, 0.4 * 0.5])
    return 0.2 * np.mean(data - dream)
