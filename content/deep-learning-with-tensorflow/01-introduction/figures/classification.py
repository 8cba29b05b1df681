"""Figures of the lesson on logistic regression, drawn from Fisher's Iris measurements as scikit-learn ships them."""

import numpy as np
import plot
from sklearn.datasets import load_iris

IRIS = load_iris()
KINDS = ("kn", "k0", "k1")  # setosa, versicolor, virginica


def _fit(width, label, steps=25):
    """(slope, intercept) of the logistic curve of least cross-entropy, by Newton's method."""
    inputs = np.stack([width, np.ones_like(width)], axis=1)
    weights = np.zeros(2)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-inputs @ weights))
        bend = inputs.T @ (inputs * (p * (1 - p))[:, None])
        weights -= np.linalg.solve(bend, inputs.T @ (p - label))
    return weights


def petal_width():
    """100 flowers by petal width, versicolor at 0 and virginica at 1, with the fitted probability between."""
    chosen = IRIS.target > 0
    width, label = IRIS.data[chosen, 3], (IRIS.target[chosen] == 2).astype(float)
    slope, intercept = _fit(width, label)
    axes = plot.Axes((0.9, 2.6), (-0.15, 1.15))
    axes.frame([1, 1.5, 2, 2.5], [0, 0.5, 1], "petal width in cm", "probability of virginica")
    fine = np.linspace(0.9, 2.6, 120)
    axes.curve(fine, 1 / (1 + np.exp(-slope * fine - intercept)), "p1")
    border = -intercept / slope
    axes.curve([border, border], [-0.15, 1.15], "p3")
    spread = 0.02 * (np.arange(len(width)) % 5 - 2)  # flowers of equal width side by side
    for kind, value in (("k0", 0), ("k1", 1)):
        axes.marks(width[label == value], (label + spread)[label == value], kind, 2.5)
    axes.label(1.0, 0.12, "versicolor")
    axes.label(2.1, 0.84, "virginica")
    axes.label(border, 0.5, f"{border:.2f} cm", dx=-8, dy=-8, anchor="end")
    return plot.svg(590, 340, axes.parts)


def petal_boundary():
    """The start of the interactive figure: a level boundary, and where the probability is 10 and 90 %."""
    plane = plot.interactive(__file__, "petal-boundary.yaml")
    (left, right, sharpness), (x, y) = plane["start"], plane["axes"]
    axes = plot.Axes((x["from"], x["to"]), (y["from"], y["to"]))
    axes.frame(range(3, 8), [1, 1.5, 2, 2.5], x["name"], y["name"])
    points = np.array(plane["points"])
    for kind, target in (("k0", 0), ("k1", 1)):
        axes.marks(*points[points[:, 2] == target, :2].T, kind, 2.5)
    for away, kind in ((0, "p1"), (np.log(9) / sharpness, "p3"), (-np.log(9) / sharpness, "p3")):
        axes.curve([x["from"], x["to"]], [left + away, right + away], kind)
    for share, height in (
        ("90 %", left + np.log(9) / sharpness),
        ("50 %", left),
        ("10 %", left - np.log(9) / sharpness),
    ):
        axes.label(x["to"], height, share, "end", dx=-4, dy=-5)
    axes.label(5.4, 1.2, "versicolor")
    axes.label(6.4, 2.62, "virginica")
    return plot.svg(590, 340, axes.parts)


def iris_petals():
    """All 150 flowers by petal length and width."""
    axes = plot.Axes((0.5, 7.5), (0, 2.7))
    axes.frame(range(1, 8), [0, 1, 2], "petal length in cm", "petal width in cm")
    for kind, target in zip(KINDS, range(3), strict=True):
        chosen = IRIS.target == target
        axes.marks(IRIS.data[chosen, 2], IRIS.data[chosen, 3], kind, 2.5)
    axes.label(1.9, 0.45, "setosa")
    axes.label(4.4, 0.85, "versicolor")
    axes.label(5.2, 2.45, "virginica", "end")
    return plot.svg(590, 340, axes.parts)
