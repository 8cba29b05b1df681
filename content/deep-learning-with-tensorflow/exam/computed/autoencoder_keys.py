"""Keys of the exam questions on module 5, computed. Each function returns the key of one question."""

from itertools import pairwise

import numpy as np


def decoded_shape():
    return list(np.zeros((20, 784)).reshape(-1, 28, 28, 1).shape)


def machines_in_a_stack():
    layers = [784, 500, 500, 2000]
    return len(layers) - 1


def variance_left_over():
    variances = np.array([5, 3, 1.5, 0.5])
    return variances[2:].sum() / variances.sum()


def pixel_price():
    x, seen = np.array([1, 0]), np.array([0.8, 0.4])
    return -np.sum(x * np.log(seen) + (1 - x) * np.log(1 - seen))


def best_line_through_four():
    points = np.array([[3, 3], [-3, -3], [1, -1], [-1, 1]])
    return np.linalg.eigvalsh(points.T @ points / 4)[0]


def loss_of_a_sparse_code():
    return 0.3 + 0.1 * np.abs([0.5, -2, 0, 1.5]).sum()


def broken_screws_caught():
    unseen = [14, 16, 17, 19, 21, 22, 23, 26, 29, 37]
    broken = [18, 22, 31, 34, 36, 52, 61, 75]
    limit = min(limit for limit in unseen if sum(error > limit for error in unseen) <= 1)
    return sum(error > limit for error in broken)


def third_of_the_enlarged():
    enlarged = np.zeros(5)
    for index, value in enumerate((3, 5)):
        enlarged[2 * index : 2 * index + 3] += value * np.array([1, 4, 2])
    return enlarged[2]


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
