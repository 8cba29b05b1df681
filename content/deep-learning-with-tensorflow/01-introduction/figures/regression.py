"""Figures of the lesson on linear regression, from the same data and steps as its listings."""

import numpy as np
import plot


def _points():
    """100 points around y = 3 x + 2 with normal noise of standard deviation 0.1, as in the listing make-points."""
    rng = np.random.default_rng(1)
    x = rng.random(100).astype("float32")
    return x, (3 * x + 2 + rng.normal(0, 0.1, 100)).astype("float32")


def _descent(x, y, steps=100, rate=0.5):
    """(slope, intercept) before each step and after the last, starting from 1 and 0.2."""
    slope, intercept = 1.0, 0.2
    path = [(slope, intercept)]
    for _ in range(steps):
        error = slope * x + intercept - y
        slope, intercept = slope - rate * 2 * np.mean(error * x), intercept - rate * 2 * np.mean(error)
        path.append((slope, intercept))
    return path


def squared_errors():
    """Five points, a line, and the square of each error."""
    axes = plot.Axes((0, 6.2), (0, 3.1), width=500, height=250)
    xs, ys = np.array([0.6, 1.7, 2.8, 3.9, 5.0]), np.array([0.75, 0.65, 1.85, 1.4, 2.35])
    axes.frame(range(7), range(4), "x", "y")
    axes.curve([0, 6.2], [0.3, 0.3 + 0.4 * 6.2], "p1")
    for x, y in zip(xs, ys, strict=True):
        error = y - (0.3 + 0.4 * x)
        corners = [(x, y), (x + abs(error), y), (x + abs(error), y - error), (x, y - error)]
        axes.parts.append(plot.line([axes.at(*corner) for corner in corners], "p3", close=True))
    axes.marks(xs, ys, "k1")
    return plot.svg(590, 320, axes.parts)


def loss_valley():
    """Lines of equal loss over slope and intercept, and the way of the first 25 steps down."""
    x, y = _points()
    best = np.polyfit(x, y, 1)
    bend = np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1]])  # loss = floor + d' bend d
    values, vectors = np.linalg.eigh(bend)
    axes = plot.Axes((0.8, 4.2), (0, 3.6))
    axes.frame([1, 2, 3, 4], [0, 1, 2, 3], "slope", "intercept")
    turn = np.linspace(0, 2 * np.pi, 120)
    for level in (0.02, 0.1, 0.3, 0.8):
        ring = vectors @ (np.sqrt(level / values)[:, None] * np.array([np.cos(turn), np.sin(turn)]))
        a, b = best[0] + ring[0], best[1] + ring[1]
        inside = (a > 0.8) & (a < 4.2) & (b > 0) & (b < 3.6)
        runs = np.split(np.arange(120), np.flatnonzero(~inside))
        for run in (r[inside[r]] for r in runs):
            if len(run) > 1:
                axes.curve(a[run], b[run], "p3")
    path = np.array(_descent(x, y, 25))
    axes.curve(path[:, 0], path[:, 1], "p1")
    axes.marks(path[:, 0], path[:, 1], "k1", 2)
    axes.marks([best[0]], [best[1]], "kn", 4)
    axes.label(1, 0.2, "start", dx=10, dy=4)
    axes.label(best[0], best[1], "smallest loss", dx=10, dy=-8)
    return plot.svg(590, 340, axes.parts)


def polynomial_fits():
    """20 training points of a noisy cubic, 20 others held out, and polynomials of degree 1, 3 and 12."""
    rng = np.random.default_rng(8)
    x = np.linspace(-2, 2, 40)
    y = x**3 - 2 * x + 1 + rng.normal(0, 0.5, 40)
    axes = plot.Axes((-2, 2), (-6, 8))
    axes.frame([-2, -1, 0, 1, 2], [-6, -3, 0, 3, 6], "x", "y")
    fine = np.linspace(-2, 2, 161)
    for degree, kind in ((1, "p3"), (12, "p2"), (3, "p1")):
        heights = np.polyval(np.polyfit(x[::2], y[::2], degree), fine)
        seen = np.flatnonzero((heights > -6) & (heights < 8))
        axes.curve(fine[seen], heights[seen], kind)
    axes.marks(x[::2], y[::2], "k1")
    axes.marks(x[1::2], y[1::2], "k0")
    axes.label(-1.98, 0.3, "degree 1")
    axes.label(-1.8, -3, "degree 3")
    axes.label(1.86, -2.6, "degree 12", "end")
    return plot.svg(590, 340, axes.parts)


def exponential_fit():
    """50 noisy points of an exponential, and how the curve bends from a flat start."""
    rng = np.random.default_rng(4)
    x = np.linspace(0, 2, 50)
    y = 0.5 * np.exp(1.5 * x) + rng.normal(0, 0.2, 50)
    axes = plot.Axes((0, 2), (0, 11), width=440)
    axes.frame([0, 0.5, 1, 1.5, 2], [0, 2, 4, 6, 8, 10], "x", "y")
    a, b = 1.0, 0.0
    for step in range(2001):
        if step in (0, 10, 30, 100, 2000):
            axes.curve(x, a * np.exp(b * x), "p1" if step == 2000 else "p2")
            axes.label(
                2,
                a * np.exp(2 * b),
                f"step {step:,}" if step else "start",
                dx=6,
                dy=-2 if step == 2000 else 9 if step == 100 else 4,
            )
        error, growth = a * np.exp(b * x) - y, np.exp(b * x)
        a, b = a - 0.003 * 2 * np.mean(error * growth), b - 0.003 * 2 * np.mean(error * a * x * growth)
    axes.marks(x, y, "k0")
    return plot.svg(590, 340, axes.parts)
