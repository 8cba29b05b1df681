"""Figures of the lessons on trees and on language models."""

import numpy as np
import plot


def _node(x, y, sign, radius=17):
    circle = f'<circle class="p1" cx="{x}" cy="{y}" r="{radius}" fill="none" {plot.STROKES["p1"]}/>'
    return [circle, plot.text(x, y + 6, sign, size=17)]


def _edge(upper, lower, radius=17):
    (x0, y0), (x1, y1) = upper, lower
    length = np.hypot(x1 - x0, y1 - y0)
    ux, uy = radius * (x1 - x0) / length, radius * (y1 - y0) / length
    return plot.line([(x0 + ux, y0 + uy), (x1 - ux, y1 - uy)], "pa")


def parse_tree():
    """Not good but great, with a sentiment at each node."""
    root, pairs = (295, 40), ((165, 112), (425, 112))
    leaves = ((100, 184, "0", "not"), (230, 184, "+", "good"), (360, 184, "0", "but"), (490, 184, "+", "great"))
    parts = [*_node(*root, "+"), *_node(*pairs[0], "−"), *_node(*pairs[1], "+")]
    for at, (x, y, sign, word) in enumerate(leaves):
        parts += [*_node(x, y, sign), plot.text(x, y + 42, word, size=16), _edge(pairs[at // 2], (x, y))]
    parts += [_edge(root, pair) for pair in pairs]
    return plot.svg(590, 244, parts)


def perplexities():
    """A bar for each model, as the listings print them."""
    counted = (("uniform", 27.0), ("unigram", 16.9), ("bigram", 9.9), ("trigram", 6.1), ("4-gram", 4.5))
    parts, models = [], (*counted, ("smoothed 5-gram", 3.5), ("LSTM", 5.0))
    for at, (name, value) in enumerate(sorted(models, key=lambda model: -model[1])):
        y, width = 20 + at * 42, value * 14
        kind = "p1" if name == "LSTM" else "pa"
        parts += [plot.box(138, y, width, 26, kind), plot.text(126, y + 18, name, "end")]
        parts.append(plot.text(146 + width, y + 18, f"{value:.1f}", "start"))
    return plot.svg(590, 320, parts)


def temperatures():
    """What three scores become at four temperatures: bars from 0 to 1."""
    options = plot.interactive(__file__, "temperatures.yaml")["options"]
    scores = np.array([option["score"] for option in options], dtype=float)
    parts, floor, tall = [], 170, 130
    for group, temperature in enumerate((0.25, 1, 4, 100)):
        left = 40 + group * 140
        powers = np.exp(scores / temperature)
        for at, share in enumerate(powers / powers.sum()):
            height = share * tall
            parts.append(plot.box(left + at * 34, floor - height, 26, height, "p1" if at == 0 else "pa"))
            apart = (at - 1) * 5  # a phone enlarges the numbers
            parts.append(plot.text(left + at * 34 + 13 + apart, floor - height - 6, f"{share:.2f}", kind="tk", size=11))
        parts.append(plot.line([(left - 6, floor), (left + 100, floor)], "pa"))
        parts.append(plot.text(left + 47, floor + 22, f"τ = {temperature:g}"))
    return plot.svg(590, 204, parts)
