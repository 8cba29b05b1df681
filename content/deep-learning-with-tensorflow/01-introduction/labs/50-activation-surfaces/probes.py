"""Call the functions with new scores, weights and biases. Scores stay away from points without a derivative."""

import numpy as np

from labs.runner.judge.authoring import Call

VALUES = {
    "step": lambda z: (z >= 0) * 1.0,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softplus": lambda z: np.logaddexp(0, z),
}
SLOPES = {
    "step": lambda z: 0 * z,
    "sigmoid": lambda z: VALUES["sigmoid"](z) * (1 - VALUES["sigmoid"](z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
    "softplus": VALUES["sigmoid"],
}


def table(rng):
    return (rng.normal(0, 2, (rng.integers(2, 6), 3)).astype("float32"),)


def scores_of_all_sizes(rng):
    return (np.concatenate([rng.normal(0, 3, 10), rng.uniform(150, 900, 3), rng.uniform(-900, -150, 3)]).astype("float32"),)


def name_and_grid(rng):
    weights, biases = rng.normal(size=rng.integers(2, 6)), rng.normal(size=rng.integers(6, 9))
    return str(rng.choice(list(VALUES))), float(rng.uniform(0.5, 2)), weights.astype("float32"), biases.astype("float32")


def height(name, x, weights, biases):
    return VALUES[name](weights * x + biases[:, None])


def name_and_scores(rng):
    z = rng.uniform(0.1, 4, 12) * rng.choice([-1, 1], 12)
    return str(rng.choice(list(SLOPES))), z.astype("float32")


def layer(rng):
    x, weights = rng.normal(size=(rng.integers(5, 20), 4)), rng.normal(size=(4, 50))
    return x.astype("float32"), weights.astype("float32"), rng.uniform(-5, 0, 50).astype("float32")


PROBES = [
    Call(
        name="step of any scores",
        points=1,
        function="step",
        draw=table,
        reference=VALUES["step"],
        tolerance=1e-4,
        message="step(z) should be 1 where z ≥ 0 and 0 elsewhere, entry by entry.",
    ),
    Call(
        name="sigmoid of any scores",
        points=1,
        function="sigmoid",
        draw=table,
        reference=VALUES["sigmoid"],
        tolerance=1e-4,
        message="sigmoid(z) should be 1 / (1 + exp(−z)), entry by entry.",
    ),
    Call(
        name="tanh of any scores",
        points=1,
        function="tanh",
        draw=table,
        reference=VALUES["tanh"],
        tolerance=1e-4,
        message="tanh(z) should be 2 · sigmoid(2z) − 1, entry by entry.",
    ),
    Call(
        name="relu of any scores",
        points=1,
        function="relu",
        draw=table,
        reference=VALUES["relu"],
        tolerance=1e-4,
        message="relu(z) should be z where z is positive and 0 elsewhere.",
    ),
    Call(
        name="softplus, also of large scores",
        points=2,
        function="softplus",
        draw=scores_of_all_sizes,
        reference=VALUES["softplus"],
        tolerance=1e-3,
        message="softplus(z) should be ln(1 + exp(z)), and stay finite for scores of several hundred.",
    ),
    Call(
        name="The surface over weights and biases",
        points=3,
        function="surface",
        draw=name_and_grid,
        reference=height,
        tolerance=1e-4,
        message="surface(name, x, weights, biases) should have a row for every bias and a column for every weight.",
    ),
    Call(
        name="The slopes, computed by a tape",
        points=3,
        function="slope",
        draw=name_and_scores,
        reference=lambda name, z: SLOPES[name](z.astype(float)),
        tolerance=1e-3,
        rounds=12,
        message="slope(name, z) should return the derivative at every score, and zeros for the step function.",
    ),
    Call(
        name="The share of units that fire",
        points=1,
        function="share_that_fires",
        draw=layer,
        reference=lambda x, weights, bias: np.mean(x @ weights + bias > 0),
        tolerance=1e-3,
        message="share_that_fires(x, weights, bias) should be the share of scores above 0, over all examples and units.",
    ),
    Call(
        name="The number of dead units",
        points=2,
        function="dead_units",
        draw=layer,
        reference=lambda x, weights, bias: np.sum(~np.any(x @ weights + bias > 0, axis=0)),
        message="dead_units(x, weights, bias) should count the units (columns) whose score is above 0 for no example.",
    ),
]
