"""Keys of the exam's questions on module 2, computed. Each function returns the key of one question."""

import math

import numpy as np


def knows_nothing_of_five():
    return math.log(5)


def multiplications():
    side = 28 - 5 + 1
    return side * side * 5 * 5


def width_of_the_image():
    return next(width for width in range(5, 100, 1) if ((width - 4) / 2 - 4) / 2 == 5)


def pooled_sum():
    image = np.array([[1, 2, 5, 0], [3, 4, 1, 1], [0, 7, 2, 2], [6, 1, 3, 8]])
    return image.reshape(2, 2, 2, 2).max(axis=(1, 3)).sum()


def images_needed():
    return 0.9 * 0.1 / 0.002**2


def share_of_parameters():
    return 2 * (3 * 3) / (5 * 5)


def epochs_with_patience():
    losses = [0.90, 0.71, 0.62, 0.65, 0.58, 0.60, 0.63, 0.52]
    best = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best
        if epoch - best == 2:
            return epoch + 1
    return len(losses)


def corrected_average():
    m = 0.0
    for gradient in (4, -2):
        m = 0.9 * m + 0.1 * gradient
    return m / (1 - 0.9**2)


def last_pixel():
    differences = np.array([3, 250, 0, 11], np.uint8)
    return np.concatenate([np.array([52], np.uint8), differences]).sum(dtype=np.uint8)


def floor_of_two_softmaxes():
    powers = np.exp(np.eye(10)[0])
    return -np.log(powers[0] / powers.sum())


def seen_through_two_layers():
    return 1 + 2 * (5 - 1)
