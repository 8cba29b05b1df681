"""Nodes of the learner's graph, fed with fresh values; the counter is judged by how it moves from one run to the next."""

import numpy as np

from labs.runner.judge.authoring import Call, Run


def floats(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def scalars(rng):
    return {"a": float(rng.uniform(1, 9)), "b": float(rng.uniform(1, 9))}


def block_and_row(rng):
    """Rank 3 against rank 1, so that broadcasting has to happen inside of the graph."""
    deep, high, wide = rng.integers(2, 5, 3)
    return {"a": floats(rng, deep, high, wide), "b": floats(rng, wide)}


def batch(rng):
    return {"x": floats(rng, rng.integers(1, 9), 3), "weights": floats(rng, 3, 2), "bias": floats(rng, 2)}


def two_vectors(rng):
    return {"p": floats(rng, rng.integers(2, 6)), "q": floats(rng, rng.integers(6, 9))}


def counting():
    """Accepts what is the value before plus the step; where the counter stood at first, nobody knows."""
    before = []

    def accept(value, step):
        moved = not before or value == before[-1] + step
        before.append(value)
        return None if moved else f"Fed with {step}, it went from {before[-2]:g} to {value:g}."

    return accept


PROBES = [
    Run(
        name="The sum of two scalars",
        points=1,
        fetch="total",
        draw=scalars,
        reference=lambda a, b: a + b,
        tolerance=1e-4,
        message="total is the node a + b, fetched from the session sess.",
    ),
    Run(
        name="The difference of a block of rank 3 and a row",
        points=1,
        fetch="difference",
        draw=block_and_row,
        reference=lambda a, b: a - b,
        tolerance=1e-4,
        message="difference is the node a − b, entry by entry; the placeholders stay without a shape.",
    ),
    Run(
        name="A layer for a batch of any size",
        points=2,
        fetch="layer",
        draw=batch,
        reference=lambda x, weights, bias: x @ weights + bias,
        tolerance=1e-4,
        message="layer is the matrix product of x and weights, plus bias in every row.",
    ),
    Run(
        name="A table from two vectors",
        points=2,
        fetch="gaps",
        draw=two_vectors,
        reference=lambda p, q: np.abs(p[:, None] - q),
        tolerance=1e-4,
        message="gaps has a row for every number of p and a column for every number of q, with the size of their difference.",
    ),
    Run(
        name="The counter goes on from where it stood",
        points=2,
        fetch="count_up",
        draw=lambda rng: {"step": int(rng.integers(1, 50))},
        accept=counting(),
        message="count_up adds step to counter, stores the sum in counter and gives it back.",
    ),
    Call(
        name="A second session counts for itself",
        points=2,
        function="count_in_new_session",
        draw=lambda rng: (rng.integers(1, 50, rng.integers(3, 7)).tolist(),),
        reference=np.cumsum,
        message="count_in_new_session(steps) starts from 0 in a new session and returns the counter after each step.",
    ),
]
