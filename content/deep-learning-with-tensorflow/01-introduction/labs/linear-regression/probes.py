"""Three functions with fresh inputs, and the line that `fit` finds, scored on points it never saw.

Slopes and intercepts are drawn anew, so that knowing the lab's own line helps with nothing.
"""

import numpy as np

from labs.runner.judge.authoring import Call, HeldOut


def line_and_points(rng):
    return rng.normal(size=20).astype("float32"), float(rng.uniform(-4, 4)), float(rng.uniform(-4, 4))


def heights_and_predictions(rng):
    return rng.normal(size=30).astype("float32"), rng.normal(size=30).astype("float32")


def noisy_points(rng):
    """x in −1…1 as in the lab, so that its learning rate converges."""
    x = rng.uniform(-1, 1, 100).astype("float32")
    slope, intercept = rng.uniform(-3, 3, 2)
    return x, (slope * x + intercept + rng.normal(0, 0.05, 100)).astype("float32")


def seen_and_unseen(rng):
    """Points to learn from, and exact ones of the same line to be judged by."""
    slope, intercept = rng.uniform(1, 3, 2)
    x, unseen = rng.uniform(-1, 1, 100).astype("float32"), rng.uniform(-2, 2, 200).astype("float32")
    y = (slope * x + intercept + rng.normal(0, 0.05, 100)).astype("float32")
    return (x, y), (unseen, (slope * unseen + intercept).astype("float32"))


PROBES = [
    Call(
        name="The model gives the height of any line",
        points=2,
        function="predict",
        draw=line_and_points,
        reference=lambda x, a, b: a * x + b,
        tolerance=1e-4,
        message="predict(x, a, b) returns a · x + b, one value for every x.",
    ),
    Call(
        name="The loss is the mean squared error",
        points=2,
        function="mean_squared_error",
        draw=heights_and_predictions,
        reference=lambda y, y_hat: np.mean((y - y_hat) ** 2),
        tolerance=1e-4,
        message="mean_squared_error(y, y_hat) returns the mean of (y − ŷ)², one number.",
    ),
    Call(
        name="The descent finds the best line for other points",
        points=5,
        function="fit",
        draw=noisy_points,
        reference=lambda x, y: np.polyfit(x.astype(float), y.astype(float), 1),
        tolerance=0.02,
        rounds=2,
        message="fit(x, y) returns slope and intercept of the line with the smallest mean squared error.",
    ),
    HeldOut(
        name="A line found holds for unseen points",
        points=1,
        function="fit",
        data=seen_and_unseen,
        evaluator="held_out.py",
        at_least=0.99,
        message="fit(x, y) returns a line that holds beyond the points it was fitted to.",
    ),
]
