"""What is asked: three functions with fresh inputs, and the line that `fit` finds, scored on points it never saw.

Slopes and intercepts are drawn anew, so knowing the lab's own line (3x + 2) helps with nothing.
"""

import numpy as np

from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def line_inputs(rng):
    return rng.normal(size=20).astype(np.float32), float(rng.uniform(-4, 4)), float(rng.uniform(-4, 4))


def pairs(rng):
    return rng.normal(size=30).astype(np.float32), rng.normal(size=30).astype(np.float32)


def noisy_points(rng):
    """100 points around a new line; x in −1…1, as in the lab, so that its rate of 0.5 converges."""
    x = rng.uniform(-1, 1, 100).astype(np.float32)
    slope, intercept = rng.uniform(-3, 3, 2)
    return x, (slope * x + intercept + rng.normal(0, 0.05, 100)).astype(np.float32)


def least_squares(x, y):
    return np.polyfit(x.astype(float), y.astype(float), 1)


def seen_and_unseen(rng):
    """Points of a new line to learn from, and exact ones of the same line to be judged by."""
    slope, intercept = rng.uniform(1, 3, 2)
    x, unseen = rng.uniform(-1, 1, 100).astype(np.float32), rng.uniform(-2, 2, 200).astype(np.float32)
    y = (slope * x + intercept + rng.normal(0, 0.05, 100)).astype(np.float32)
    return (x, y), (unseen, (slope * unseen + intercept).astype(np.float32))


PROBES = [
    Call(
        name="The line's height at every x",
        points=2,
        function="predict",
        draw=line_inputs,
        reference=lambda x, slope, intercept: slope * x + intercept,
        tolerance=1e-4,
        message="predict(x, slope, intercept) returns slope · x + intercept, one value for every x.",
        near_misses=[
            NearMiss("Your line has no intercept.", lambda x, slope, intercept: slope * x),
            NearMiss("You exchanged slope and intercept.", lambda x, slope, intercept: intercept * x + slope),
        ],
    ),
    Call(
        name="The mean squared error",
        points=2,
        function="mean_squared_error",
        draw=pairs,
        reference=lambda y, predicted: np.mean((y - predicted) ** 2),
        tolerance=1e-4,
        message="mean_squared_error(y, predicted) returns the mean of (y − predicted)², one number.",
        near_misses=[
            NearMiss("You added the squares, but did not divide by their number.", lambda y, predicted: np.sum((y - predicted) ** 2)),
            NearMiss("You took the mean before the square.", lambda y, predicted: np.mean(y - predicted) ** 2),
        ],
    ),
    Call(
        name="The best line for new points",
        points=5,
        function="fit",
        draw=noisy_points,
        reference=least_squares,
        tolerance=0.02,
        rounds=2,
        message="fit(x, y) returns slope and intercept of the line with the smallest mean squared error.",
        near_misses=[NearMiss("You returned the intercept first.", lambda x, y: least_squares(x, y)[::-1])],
    ),
    HeldOut(
        name="A line found is right for unseen points too",
        points=1,
        function="fit",
        data=seen_and_unseen,
        evaluator="held_out.py",
        at_least=0.99,
        message="fit(x, y) returns a line that holds beyond the points it was fitted to.",
    ),
]
