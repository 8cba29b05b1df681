"""Keys of the review of module 4, computed. Each function returns the key of one question."""

import math

import numpy as np


def logistic(z):
    return 1 / (1 + math.exp(-z))


def odds_of_a_hidden_unit():
    off, on = logistic(0.3), logistic(0.3 + 1.5)
    return (on / (1 - on)) / (off / (1 - off))


def times_as_probable():
    return math.exp(120 - 118)


def weight_for_a_rare_pixel():
    return math.log(0.8 / 0.2) - math.log(0.2 / 0.8)


def share_below():
    return str((np.arange(10) / 10 < 0.3).mean())


def share_of_a_weight():
    return 0.0004 / 0.05
