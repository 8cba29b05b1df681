"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def tied_error():
    w, x = np.array([0.8, 0.6]), np.array([2, 1])
    return np.mean((x - (w @ x) * w) ** 2)


def divergence():
    m, s = 1, 2
    return (m**2 + s**2 - 1 - np.log(s**2)) / 2


def holes():
    draws = np.array([0.2, 0.7, 0.4])
    return str(np.where(draws < 0.5, 0, np.array([5, 6, 7])))
