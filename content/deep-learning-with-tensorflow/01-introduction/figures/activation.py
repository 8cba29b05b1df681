"""Figures of the lesson on activation functions."""

import numpy as np
import plot


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


CURVES = (
    ("step", lambda z: (z >= 0) * 1.0, lambda z: 0 * z),
    ("sigmoid", _sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
    ("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    ("ReLU", lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    ("softplus", lambda z: np.log1p(np.exp(z)), _sigmoid),
)
PLACES = ((40, 30), (230, 30), (420, 30), (40, 220), (230, 220))


def activation_curves():
    """Each function solid and its derivative dashed, from -3 to 3, all on one scale."""
    z = np.linspace(-3, 3, 121)
    parts = []
    for (name, function, slope), (left, top) in zip(CURVES, PLACES, strict=True):
        axes = plot.Axes((-3, 3), (-1.2, 3.1), left, top, 150, 130)
        for tick in (-1, 0, 1, 2, 3):
            y = axes.at(0, tick)[1]
            parts.append(plot.line([(left, y), (left + 150, y)], "pa" if tick == 0 else "pg"))
            parts.append(plot.text(left - 6, y + 4, plot.tidy(tick), "end", "tk"))
        axes.curve(z, function(z), "p1")
        axes.curve(z, slope(z), "p2")
        parts += [*axes.parts, plot.text(left + 75, top - 10, name)]
    parts += [plot.line([(430, 262), (460, 262)], "p1"), plot.text(468, 267, "value", "start")]
    parts += [plot.line([(430, 290), (460, 290)], "p2"), plot.text(468, 295, "derivative", "start")]
    return plot.svg(590, 370, parts)


def _projected(left, top, w, b, height):
    """A point over the plane of weight and bias, seen from the front and above."""
    return left + 75 + 14 * (w - b), top + 118 + 6 * (w + b) - 30 * height


def activation_surfaces():
    """For the input x = 1: the output over weight and bias, each from -3 to 3."""
    grid, parts = np.linspace(-3, 3, 13), []
    fine = np.linspace(-3, 3, 49)
    for (name, function, _), (left, top) in zip(CURVES, PLACES, strict=True):
        for fixed in grid:
            for along_w in (True, False):
                w, b = (fine, fixed + 0 * fine) if along_w else (fixed + 0 * fine, fine)
                heights = np.clip(function(w + b), -1, 3)
                points = [_projected(left, top, *point) for point in zip(w, b, heights, strict=True)]
                parts.append(plot.line(points, "p1" if along_w else "pa", 0.8))
        parts.append(plot.text(left + 75, top + 4, name))
        parts.append(plot.text(left + 112, top + 168, "weight", "start", "tk"))
        parts.append(plot.text(left + 38, top + 168, "bias", "end", "tk"))
    return plot.svg(590, 400, parts)


def vanishing_gradients():
    """The largest gradient that can come through a chain of layers, by the number of layers."""
    axes = plot.Axes((0, 10), (-6.4, 0.6), 76, 24, 450, 240)
    axes.frame(range(0, 11, 2), [], "number of layers", "gradient that is left, at best")
    for exponent in (0, -2, -4, -6):
        y = axes.at(0, exponent)[1]
        axes.parts.append(plot.line([(76, y), (526, y)], "pg"))
        axes.parts.append(plot.text(68, y + 4, "1" if exponent == 0 else f"{10.0**exponent:g}", "end", "tk"))
    layers = np.arange(11)
    axes.curve(layers, layers * np.log10(0.25), "p2")
    axes.marks(layers, layers * np.log10(0.25), "k0")
    axes.curve(layers, 0 * layers, "p1")
    axes.marks(layers, 0 * layers, "k1")
    axes.label(5, 0, "ReLU that fires, tanh at 0: factor 1", "middle", dy=-10)
    axes.label(6, -3.6, "sigmoid: factor 1/4", "start", dx=14)
    return plot.svg(590, 320, axes.parts)
