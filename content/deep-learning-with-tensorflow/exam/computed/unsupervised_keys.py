"""Keys of the exam's questions on module 4, computed. Each function returns the key of one question."""

import math


def softplus(z):
    return math.log1p(math.exp(z))


def energy_of_a_pair():
    return -(1 * 3 + 1 * -1)


def parameters():
    return 100 * 20 + 100 + 20


def free_energy_of_nothing():
    return -2 * softplus(0)


def share_of_a_bias():
    return 1 / (1 + math.exp(-math.log(4)))


def factor_of_a_pixel():
    return math.exp(0.5 + softplus(2) - softplus(0))


def change_over_two_images():
    learnt = (1 * 0.6 + 0 * 0.3) / 2
    unlearnt = (0.5 * 0.4 + 0.2 * 0.5) / 2
    return 0.2 * (learnt - unlearnt)


def counted_hits():
    return 200 * 10 * 0.15 * 0.8


def spread_of_a_hit_rate():
    return math.sqrt(0.8 * 0.2 / 300)
