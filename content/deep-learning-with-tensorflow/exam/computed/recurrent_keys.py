"""Keys of the exam's questions on module 3, computed. Each function returns the key of one question."""

import math


def remainder_of_a_sum():
    h = 0
    for x in (2, 1, 1, 2, 2):
        h = (h + x) % 3
    return h


def clipped_entry():
    return 6 * min(1, 5 / math.hypot(6, 8))


def nodes_of_seven():
    parts, nodes = 7, 7
    while parts > 1:
        parts, nodes = parts - 1, nodes + 1
    return nodes


def four_symbols():
    return math.exp(-math.log(1 / 4))


def slope_through_two_steps():
    first = math.tanh(0.5)
    second = math.tanh(0 + 2 * first)
    return (1 - second**2) * 2 * (1 - first**2)


def steps_to_a_half():
    return next(steps for steps in range(1, 100) if 0.9**steps < 0.5)


def gradient_along_a_memory():
    """The memory is linear in c_1, so the derivative is the difference that one unit of c_1 makes."""

    def last(c):
        for forget, added in ((0.9, 0.3), (0.5, -0.2), (0.8, 0.1)):
            c = forget * c + added
        return c

    return last(1) - last(0)


def product_of_two_parts():
    return math.tanh(3 * 0.5 * -0.4)


def counts_from_one():
    text = "abaab"
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    counts = {letter: 1 + pairs.count("a" + letter) for letter in "ab"}
    return counts["b"] / sum(counts.values())


def blended_window():
    return (3 + 2 * 0.25) / (6 + 2)


def growth_of_a_composition():
    before, after = (2 * d * 2 * d * d + 2 * d * d + d for d in (8, 16))
    return after / before
