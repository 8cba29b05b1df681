"""Keys of this module's review questions, computed. Each function returns the key of one question."""

import numpy as np


def rows_of_a_table():
    return 30**4


def padded_shape():
    return [5, max(3, 9, 4, 7, 2), 16]


def third_state():
    h = 0
    for x in (1, 3, 2):
        h = 2 * x - h
    return h


def simple_cell_parameters():
    return 8 * 20 + 20 * 20 + 20


def new_memory():
    return 0.5 * 4 + 0.25 * -0.8


def lstm_parameters():
    return 4 * (10 * 30 + 30 * 30 + 30)


def tensor_entries():
    return np.zeros((20, 20, 10)).size


def perplexity_of_four():
    return np.exp(-np.log([0.5, 0.25, 0.5, 0.25]).mean())


def very_hot():
    p = np.exp(np.array([3.0, 1.0, 2.0]) / 1000)
    return str(np.round(p / p.sum(), 2))


def unmasked_loss():
    losses = np.zeros(120)
    losses[:30] = 2.4
    return losses.mean()
