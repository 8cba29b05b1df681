"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def compression():
    return 32 * 32 * 3 / 48


def decoder_against_encoder():
    encoder, decoder = ((100, 20), (20, 4)), ((4, 20), (20, 100))
    of_half = [sum(inputs * units + units for inputs, units in half) for half in (encoder, decoder)]
    return of_half[1] - of_half[0]


def tied_error():
    w, x = np.array([0.8, 0.6]), np.array([2, 1])
    return np.mean((x - (w @ x) * w) ** 2)


def half_of_the_code():
    mean, _ = np.split(np.zeros((128, 20)), 2, axis=1)
    return list(mean.shape)


def divergence():
    m, s = 1, 2
    return (m**2 + s**2 - 1 - np.log(s**2)) / 2


def holes():
    draws = np.array([0.2, 0.7, 0.4])
    return str(np.where(draws < 0.5, 0, np.array([5, 6, 7])))


def data_of_the_second():
    data, weights = np.zeros((8500, 784)), np.zeros((784, 500))
    return list((data @ weights).shape)


def down_and_up():
    size = 45
    for _ in range(2):
        size = -(-size // 2)
    return size * 2 * 2


def derivatives_of_an_entry():
    z, w = 0.8, np.array([1.0, 2, 2])
    return float(np.sum((z * (1 - z) * w) ** 2))
