"""Feed the learner's nodes with new values. The counter is judged by how it changes from one run to the next."""

import numpy as np

from labs.runner.judge.authoring import Call, NearMiss, Run


def floats(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def scalars(rng):
    return {"a": float(rng.uniform(1, 9)), "b": float(rng.uniform(1, 9))}


def block_and_row(rng):
    """Return a tensor of rank 3 and one of rank 1, so that the graph has to broadcast."""
    deep, high, wide = rng.integers(2, 5, 3)
    return {"a": floats(rng, deep, high, wide), "b": floats(rng, wide)}


def batch(rng):
    return {"x": floats(rng, rng.integers(1, 9), 3), "weights": floats(rng, 3, 2), "bias": floats(rng, 2)}


def two_vectors(rng):
    return {"p": floats(rng, rng.integers(2, 6)), "q": floats(rng, rng.integers(6, 9))}


def counting():
    """Accept the previous value plus the step. The first value may be any, because the counter's start is unknown."""
    before = []

    def accept(value, step):
        moved = not before or value == before[-1] + step
        before.append(value)
        return None if moved else f"With step {step}, the counter went from {before[-2]:g} to {value:g}."

    return accept


PROBES = [
    Run(
        name="The sum of two scalars",
        points=1,
        fetch="total",
        draw=scalars,
        reference=lambda a, b: a + b,
        tolerance=1e-4,
        message="total should be the node a + b. The test fetches it in the session sess.",
        near_misses=[
            NearMiss("You multiplied the two.", lambda a, b: a * b),
            NearMiss("You subtracted b from a.", lambda a, b: a - b),
        ],
    ),
    Run(
        name="The difference of a block of rank 3 and a row",
        points=1,
        fetch="difference",
        draw=block_and_row,
        reference=lambda a, b: a - b,
        tolerance=1e-4,
        message="difference should be the node a − b, entry by entry. The placeholders must stay without a shape.",
        near_misses=[
            NearMiss("You subtracted the block from the row: the signs are reversed.", lambda a, b: b - a),
            NearMiss("You added the two.", lambda a, b: a + b),
        ],
    ),
    Run(
        name="A layer for a batch of any size",
        points=2,
        fetch="layer",
        draw=batch,
        reference=lambda x, weights, bias: x @ weights + bias,
        tolerance=1e-4,
        message="layer should be the matrix product of x and weights, plus bias in every row.",
        near_misses=[
            NearMiss("Your layer has no bias.", lambda x, weights, bias: x @ weights),
        ],
    ),
    Run(
        name="A table from two vectors",
        points=2,
        fetch="gaps",
        draw=two_vectors,
        reference=lambda p, q: np.abs(p[:, None] - q),
        tolerance=1e-4,
        message="gaps should have a row for each number in p and a column for each in q, with |p − q| as entries.",
        near_misses=[
            NearMiss("Your gaps have signs: the absolute value is missing.", lambda p, q: p[:, None] - q),
            NearMiss("You exchanged rows and columns.", lambda p, q: np.abs(q[:, None] - p)),
            NearMiss("You squared the differences.", lambda p, q: (p[:, None] - q) ** 2),
        ],
    ),
    Run(
        name="The counter continues from its last value",
        points=2,
        fetch="count_up",
        draw=lambda rng: {"step": int(rng.integers(1, 50))},
        accept=counting(),
        message="count_up should add step to counter, store the sum in counter, and return it.",
        near_misses=[
            NearMiss(
                "Each run returns just its own step, so no run keeps the sum for the next one.",
                lambda step: step,
            ),
        ],
    ),
    Call(
        name="A second session has a separate counter",
        points=2,
        function="count_in_new_session",
        draw=lambda rng: (rng.integers(1, 50, rng.integers(3, 7)).tolist(),),
        reference=np.cumsum,
        message="count_in_new_session(steps) should start from 0 in a new session and return the counter after each step.",
        near_misses=[
            NearMiss(
                "Your counter starts from 0 again for every step: the variables are initialized inside the loop.",
                lambda steps: steps,
            ),
            NearMiss("You returned only the last value of the counter.", np.sum),
        ],
    ),
]
