"""Keys of the exam's questions on module 2, computed. Each function returns the key of one question."""

import math

import numpy as np


def valid_length():
    return len(np.convolve(np.zeros(50), np.zeros(7), "valid"))


def knows_nothing_of_five():
    return math.log(5)


def turned_sum():
    image, kernel = np.array([[1, 2], [3, 4]]), np.array([[0, 1], [2, 3]])
    return np.sum(image * kernel[::-1, ::-1])


def chain_of_shapes():
    side = 64 - 7 + 1
    side = side // 2
    return [None, -(-side // 2), -(-side // 2), 32]


def colour_kernels():
    return 7 * 7 * 3 * 20 + 20


def images_needed():
    return 0.9 * 0.1 / 0.002**2


def share_of_parameters():
    return 2 * (3 * 3) / (5 * 5)
