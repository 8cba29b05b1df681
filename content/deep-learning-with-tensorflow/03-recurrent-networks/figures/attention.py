"""Figures of the lesson on attention."""

import numpy as np
import plot


def attention_weights():
    """What the scores of three steps become at four temperatures: bars from 0 to 1."""
    steps = plot.interactive(__file__, "attention-weights.yaml")["options"]
    scores = np.array([step["score"] for step in steps], dtype=float)
    parts, floor, tall = [], 170, 130
    for group, temperature in enumerate((0.5, 1, 3, 30)):
        left = 40 + group * 140
        powers = np.exp(scores / temperature)
        for at, weight in enumerate(powers / powers.sum()):
            middle, height = left + at * 34 + 13, weight * tall
            parts.append(plot.box(middle - 13, floor - height, 26, height, "p1" if at == 0 else "pa"))
            parts.append(plot.text(middle, floor - height - 6, f"{weight:.2f}", kind="tk", size=11))
            parts.append(plot.text(middle, floor + 17, steps[at]["name"], kind="tk", size=12))
        parts.append(plot.line([(left - 6, floor), (left + 100, floor)], "pa"))
        parts.append(plot.text(left + 47, floor + 38, f"τ = {temperature:g}"))
    return plot.svg(590, 220, parts)
