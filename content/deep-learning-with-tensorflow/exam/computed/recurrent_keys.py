"""Keys of the exam's questions on module 3, computed. Each function returns the key of one question."""

import math


def four_symbols():
    return math.exp(-math.log(1 / 4))


def nodes_of_seven():
    parts, nodes = 7, 7
    while parts > 1:
        parts, nodes = parts - 1, nodes + 1
    return nodes


def second_state():
    h = 0.0
    for x in (0.5, -1.0):
        h = math.tanh(x + 2 * h)
    return h


def steps_to_a_half():
    return next(steps for steps in range(1, 100) if 0.9**steps < 0.5)


def growth_of_a_composition():
    before, after = (2 * d * 2 * d * d + 2 * d * d + d for d in (8, 16))
    return after / before
