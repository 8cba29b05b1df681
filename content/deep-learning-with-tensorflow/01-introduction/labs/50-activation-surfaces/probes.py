"""Call the functions with new scores, weights and biases. Scores stay away from points without a derivative."""

import numpy as np

from labs.runner.judge.authoring import Call, NearMiss

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
        near_misses=[
            NearMiss("Your step goes from −1 to 1.", np.sign),
            NearMiss("Your step is 1 for negative scores.", lambda z: (z < 0) * 1.0),
        ],
    ),
    Call(
        name="sigmoid of any scores",
        points=1,
        function="sigmoid",
        draw=table,
        reference=VALUES["sigmoid"],
        tolerance=1e-4,
        message="sigmoid(z) should be 1 / (1 + exp(−z)), entry by entry.",
        near_misses=[
            NearMiss("The minus in the exponent is missing.", lambda z: 1 / (1 + np.exp(z))),
        ],
    ),
    Call(
        name="tanh of any scores",
        points=1,
        function="tanh",
        draw=table,
        reference=VALUES["tanh"],
        tolerance=1e-4,
        message="tanh(z) should be 2 · sigmoid(2z) − 1, entry by entry.",
        near_misses=[
            NearMiss("You did not double z inside the sigmoid.", lambda z: 2 * VALUES["sigmoid"](z) - 1),
            NearMiss("You did not subtract 1.", lambda z: 2 * VALUES["sigmoid"](2 * z)),
        ],
    ),
    Call(
        name="relu of any scores",
        points=1,
        function="relu",
        draw=table,
        reference=VALUES["relu"],
        tolerance=1e-4,
        message="relu(z) should be z where z is positive and 0 elsewhere.",
        near_misses=[
            NearMiss("You returned the absolute value.", np.abs),
            NearMiss("You kept the negative scores instead of the positive ones.", lambda z: np.minimum(z, 0)),
        ],
    ),
    Call(
        name="softplus, also of large scores",
        points=2,
        function="softplus",
        draw=scores_of_all_sizes,
        reference=VALUES["softplus"],
        tolerance=1e-3,
        message="softplus(z) should be ln(1 + exp(z)), and stay finite for scores of several hundred.",
        near_misses=[
            NearMiss("exp(z) overflows for large scores.", lambda z: np.log(1 + np.exp(z))),
            NearMiss("You returned relu(z).", VALUES["relu"]),
        ],
    ),
    Call(
        name="The surface over weights and biases",
        points=3,
        function="surface",
        draw=name_and_grid,
        reference=height,
        tolerance=1e-4,
        message="surface(name, x, weights, biases) should have a row for every bias and a column for every weight.",
        near_misses=[
            NearMiss(
                "You exchanged rows and columns.",
                lambda name, x, weights, biases: height(name, x, weights, biases).T,
            ),
            NearMiss("Your surface leaves out x.", lambda name, x, weights, biases: height(name, 1, weights, biases)),
        ],
    ),
    Call(
        name="The slopes, computed by a tape",
        points=3,
        function="slope",
        draw=name_and_scores,
        form="tensors",
        reference=lambda name, z: SLOPES[name](z.astype(float)),
        tolerance=1e-3,
        rounds=12,
        message="slope(name, z) should return the derivative at every score, and zeros for the step function.",
        near_misses=[
            NearMiss("You returned the values of the function, not its slopes.", lambda name, z: VALUES[name](z)),
        ],
    ),
    Call(
        name="The share of units that fire",
        points=1,
        function="share_that_fires",
        draw=layer,
        reference=lambda x, weights, bias: np.mean(x @ weights + bias > 0),
        tolerance=1e-3,
        message="share_that_fires(x, weights, bias) should be the share of scores above 0, over all examples and units.",
        near_misses=[
            NearMiss(
                "You counted the units that fire for any example.",
                lambda x, weights, bias: np.mean(np.any(x @ weights + bias > 0, axis=0)),
            ),
            NearMiss("You counted, but did not divide.", lambda x, weights, bias: np.sum(x @ weights + bias > 0)),
            NearMiss("You left out the biases.", lambda x, weights, bias: np.mean(x @ weights > 0)),
        ],
    ),
    Call(
        name="The number of dead units",
        points=2,
        function="dead_units",
        draw=layer,
        reference=lambda x, weights, bias: np.sum(~np.any(x @ weights + bias > 0, axis=0)),
        message="dead_units(x, weights, bias) should count the units (columns) whose score is above 0 for no example.",
        near_misses=[
            NearMiss(
                "You counted the units that fire.",
                lambda x, weights, bias: np.sum(np.any(x @ weights + bias > 0, axis=0)),
            ),
            NearMiss(
                "You counted the units that are silent for some example.",
                lambda x, weights, bias: np.sum(~np.all(x @ weights + bias > 0, axis=0)),
            ),
            NearMiss(
                "You looked along the wrong axis.",
                lambda x, weights, bias: np.sum(~np.any(x @ weights + bias > 0, axis=1)),
            ),
        ],
    ),
]
