"""Keys of the exam questions on module 5, computed. Each function returns the key of one question."""

from itertools import pairwise

import numpy as np


def machines_in_a_stack():
    layers = [784, 500, 500, 2000]
    return len(layers) - 1


def pixel_price():
    x, seen = np.array([1, 0]), np.array([0.8, 0.4])
    return -np.sum(x * np.log(seen) + (1 - x) * np.log(1 - seen))


def broken_screws_caught():
    unseen = [14, 16, 17, 19, 21, 22, 23, 26, 29, 37]
    broken = [18, 22, 31, 34, 36, 52, 61, 75]
    limit = min(limit for limit in unseen if sum(error > limit for error in unseen) <= 1)
    return sum(error > limit for error in broken)


def slope_for_the_spread():
    """A difference quotient of R + D at s = 2."""

    def loss(s):
        z = 0.5 + s * 0.3
        return z**2 + (0.5**2 + s**2 - 1 - np.log(s**2)) / 2

    return (loss(2 + 1e-5) - loss(2 - 1e-5)) / 2e-5


def price_of_a_gray_pixel():
    return -(0.8 * np.log(0.8) + 0.2 * np.log(0.2))


def parameters_of_the_unrolled():
    sizes = [100, 40, 10, 40, 100]
    return sum(before * after + after for before, after in pairwise(sizes))


def divergence_of_three_entries():
    m_squared, s_squared = np.array([0.95, 0.0, 0.9]), np.array([0.05, 1.0, 0.1])
    return np.sum(m_squared + s_squared - 1 - np.log(s_squared)) / 2


def noise_behind_a_guess():
    kept = (0.44 - 0.2) / (1.0 - 0.2)
    return np.sqrt(0.12 / kept - 0.12)
