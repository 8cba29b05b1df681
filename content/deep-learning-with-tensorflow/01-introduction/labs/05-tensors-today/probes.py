"""Call the functions with new inputs: sizes, limits and lengths are drawn at random."""

import numpy as np

from labs.runner.judge.authoring import Call, NearMiss


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
        near_misses=[
            NearMiss(
                "You took mean and deviation of the whole table, not of each column.",
                lambda batch: (batch - batch.mean()) / batch.std(),
            ),
            NearMiss(
                "You divided by the variance instead of the standard deviation.",
                lambda batch: (batch - batch.mean(axis=0)) / batch.var(axis=0),
            ),
            NearMiss(
                "You standardized every row.",
                lambda batch: (batch - batch.mean(axis=1, keepdims=True)) / batch.std(axis=1, keepdims=True),
            ),
            NearMiss("You shifted the columns, but did not scale them.", lambda batch: batch - batch.mean(axis=0)),
        ],
    ),
    Call(
        name="The loop doubles as often as needed",
        points=2,
        function="doublings",
        draw=start_and_limit,
        form="graph",
        reference=count_doublings,
        message="doublings(start, limit) should work inside a graph, and return how often start must be doubled to reach the limit.",
        near_misses=[
            NearMiss("Your loop stops one doubling too early.", lambda start, limit: count_doublings(start, limit) - 1),
            NearMiss("Your loop doubles once too often.", lambda start, limit: count_doublings(start, limit) + 1),
            NearMiss(
                "You returned the doubled value, not the number of doublings.",
                lambda start, limit: np.float32(start) * 2 ** count_doublings(start, limit),
            ),
        ],
    ),
    Call(
        name="The loss compares each prediction with its own target",
        points=2,
        function="loss",
        draw=column_and_row,
        reference=lambda predictions, targets: np.mean((predictions[:, 0] - targets) ** 2),
        tolerance=1e-4,
        message="loss(predictions, targets) should be the mean of n squares, not of n². Look at the shape of the difference.",
        near_misses=[
            NearMiss(
                "You compared every prediction with every target.",
                lambda predictions, targets: np.mean((predictions - targets) ** 2),
            ),
            NearMiss("You forgot the square.", lambda predictions, targets: np.mean(predictions[:, 0] - targets)),
            NearMiss(
                "You added the squares, but did not divide by their number.",
                lambda predictions, targets: np.sum((predictions[:, 0] - targets) ** 2),
            ),
        ],
    ),
    Call(
        name="One graph for each length, or one for all",
        points=3,
        function="count_traces",
        draw=some_lengths,
        reference=lambda lengths, is_open: 1 if is_open else len(set(lengths)),
        message="count_traces(lengths, is_open) should return how often its function is traced; with an open length, once.",
        near_misses=[
            NearMiss("You counted the calls, not the traces.", lambda lengths, is_open: len(lengths)),
            NearMiss(
                "Your count ignores is_open: the function needs the input_signature.",
                lambda lengths, is_open: len(set(lengths)),
            ),
        ],
    ),
]
