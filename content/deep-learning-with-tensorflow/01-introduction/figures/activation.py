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
PLACES = ((40, 30), (230, 30), (420, 30), (40, 225), (230, 225))


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
        for tick in (-3, 0, 3):
            x, bottom = axes.at(tick, -1.2)
            parts += [
                plot.line([(x, bottom), (x, bottom + 4)], "pa"),
                plot.text(x, bottom + 17, plot.tidy(tick), kind="tk"),
            ]
        axes.curve(z, function(z), "p1")
        axes.curve(z, slope(z), "p2")
        parts += [*axes.parts, plot.text(left + 75, top - 10, name)]
    parts += [plot.line([(430, 262), (460, 262)], "p1"), plot.text(468, 267, "value", "start")]
    parts += [plot.line([(430, 290), (460, 290)], "p2"), plot.text(468, 295, "derivative", "start")]
    return plot.svg(590, 380, parts)


def _projected(left, top, w, b, height):
    """A point over the plane of weight (to the right) and bias (to the back)."""
    return left + 68 + 15 * w + 8 * b, top + 128 - 9 * b - 24 * height


def activation_surfaces():
    """For the input x = 1: the output over weight and bias, each from -3 to 3."""
    grid, fine, parts = np.linspace(-3, 3, 9), np.linspace(-3, 3, 49), []
    for (name, function, _), (left, row) in zip(CURVES, PLACES, strict=True):
        scale = 0.5 if function(6) > 1 else 1  # ReLU and softplus rise to 6
        top = row - 45 if row < 200 else row - 10
        for fixed in grid:
            for kind, w, b in (("pa", fixed + 0 * fine, fine), ("p1", fine, fixed + 0 * fine)):
                heights = scale * function(w + b)
                places = zip(w, b, heights, strict=True)
                parts.append(plot.line([_projected(left, top, *point) for point in places], kind))
        ticks = (-1, 0, 1) if name == "tanh" else (0, 2, 4, 6) if scale < 1 else (0, 1)
        places = {tick: _projected(left - 4, top, -3, -3, scale * tick) for tick in ticks}
        parts.append(plot.line([places[ticks[0]], places[ticks[-1]]], "pa"))
        for tick, (x, y) in places.items():
            parts += [plot.line([(x - 4, y), (x, y)], "pa"), plot.text(x - 7, y + 4, plot.tidy(tick), "end", "tk", 11)]
        parts.append(plot.text(left + 75, top + 85 - 24 * scale * function(6), name))
        parts.append(plot.text(left + 40, top + 197, "weight →", kind="tk"))
        parts.append(plot.text(left + 106, top + 146, "↗ bias", "start", "tk"))
    return plot.svg(590, 417, parts)


def vanishing_gradients():
    """The largest gradient that can come through a chain of layers, by the number of layers."""
    axes = plot.Axes((0, 10), (-6.4, 0.6), 76, 24, 450, 240)
    axes.frame(range(0, 11, 2), [], "number of layers", "remaining gradient")
    for exponent in (0, -2, -4, -6):
        y = axes.at(0, exponent)[1]
        axes.parts.append(plot.line([(76, y), (526, y)], "pg"))
        axes.parts.append(
            plot.text(68, y + 4, "1" if exponent == 0 else f"{10.0**exponent:f}".rstrip("0"), "end", "tk")
        )
    layers = np.arange(11)
    axes.curve(layers, layers * np.log10(0.25), "p2")
    axes.marks(layers, layers * np.log10(0.25), "k0")
    axes.curve(layers, 0 * layers, "p1")
    axes.marks(layers, 0 * layers, "k1")
    axes.label(10, 0, "ReLU that fires: factor 1", "end", dy=-12)
    axes.parts.append(plot.text(586, 112, "sigmoid at its steepest: factor 1/4", "end"))
    return plot.svg(590, 320, axes.parts)
