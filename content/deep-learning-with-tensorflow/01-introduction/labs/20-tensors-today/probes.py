"""Call the functions with new inputs: sizes, limits and lengths are drawn at random."""

import numpy as np

from labs.runner.judge.authoring import Call


def table(rng):
    rows, columns = rng.integers(5, 20), rng.integers(2, 5)
    return ((rng.normal(size=(rows, columns)) * rng.uniform(1, 5, columns) + rng.uniform(-5, 5, columns)).astype("float32"),)


def start_and_limit(rng):
    return float(rng.uniform(0.5, 2)), float(rng.uniform(3, 5000))


def count_doublings(start, limit):
    return max(0, int(np.ceil(np.log2(limit / start))))


def column_and_row(rng):
    size = rng.integers(3, 12)
    return rng.normal(size=(size, 1)).astype("float32"), rng.normal(2, 1, size).astype("float32")


def some_lengths(rng):
    return rng.integers(1, 9, 6).tolist(), bool(rng.integers(2))


PROBES = [
    Call(
        name="Every column is standardized",
        points=2,
        function="standardise",
        draw=table,
        reference=lambda batch: (batch - batch.mean(axis=0)) / batch.std(axis=0),
        tolerance=1e-3,
        message="standardise(batch) should return the table with mean 0 and standard deviation 1 in every column.",
    ),
    Call(
        name="The loop doubles as often as needed",
        points=2,
        function="doublings",
        draw=start_and_limit,
        reference=count_doublings,
        message="doublings(start, limit) should return how often start must be doubled to reach the limit.",
    ),
    Call(
        name="The loss compares each prediction with its own target",
        points=2,
        function="loss",
        draw=column_and_row,
        reference=lambda predictions, targets: np.mean((predictions[:, 0] - targets) ** 2),
        tolerance=1e-4,
        message="loss(predictions, targets) should be the mean of n squares, not of n². Look at the shape of the difference.",
    ),
    Call(
        name="One graph for each length, or one for all",
        points=3,
        function="count_traces",
        draw=some_lengths,
        reference=lambda lengths, is_open: 1 if is_open else len(set(lengths)),
        message="count_traces(lengths, is_open) should return how often its function is traced; with an open length, once.",
    ),
]
