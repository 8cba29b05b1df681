"""Keys of the exam's questions on module 2, computed. Each function returns the key of one question."""

import math

import numpy as np


def rows_that_are_left():
    rows = 40
    for _ in range(3):
        rows = rows - 5 + 1
    return rows


def flat_index():
    return np.ravel_multi_index((3, 5), (28, 28))


def knows_nothing_of_five():
    return math.log(5)


def multiplications():
    side = 28 - 5 + 1
    return side * side * 5 * 5


def gradient_of_a_shared_weight():
    x, errors = np.array([1, 2, 4]), np.array([0 - 1, 0 - 2])
    return 2 * np.sum(errors * x[:2])


def updates():
    return 4 * 8500 // 50


def two_layers_back():
    x, y, w = 2, 5, 0.5
    h = max(0, w * x)
    return 2 * (3 * h - y) * 3 * (h > 0) * x


def width_of_the_image():
    return next(width for width in range(5, 100, 1) if ((width - 4) / 2 - 4) / 2 == 5)


def pooled_sum():
    image = np.array([[1, 2, 5, 0], [3, 4, 1, 1], [0, 7, 2, 2], [6, 1, 3, 8]])
    return image.reshape(2, 2, 2, 2).max(axis=(1, 3)).sum()


def middle_of_two():
    return np.convolve([1, -1], [1, -1])[1]


def images_needed():
    return 0.9 * 0.1 / 0.002**2


def share_of_parameters():
    return 2 * (3 * 3) / (5 * 5)
