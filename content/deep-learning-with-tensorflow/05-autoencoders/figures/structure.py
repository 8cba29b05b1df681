"""Figures of the lessons on what autoencoders and deep belief networks are made of."""

import numpy as np
import plot


def _trapezoid(left, right, middle, before, after):
    """A part that is `before` high at its left side and `after` at its right."""
    corners = [(left, middle - before / 2), (right, middle - after / 2), (right, middle + after / 2)]
    return plot.line([*corners, (left, middle + before / 2)], "pa", close=True)


def hourglass():
    """Layers of the autoencoder for digits, heights by their sizes, with the parameters between them."""
    sizes = ((784, 170), (256, 100), (32, 34), (256, 100), (784, 170))
    above = ("200,960", "8,224", "8,448", "201,488")
    parts, middle = [], 120
    for number, (size, height) in enumerate(sizes):
        left = 24 + number * 126
        parts.append(plot.box(left, middle - height / 2, 34, height, "p1" if size == 32 else "pa"))
        parts.append(plot.text(left + 17, middle + height / 2 + 18, str(size)))
        if number < len(above):
            parts += [
                plot.arrow((left + 40, middle), (left + 120, middle)),
                plot.text(left + 80, middle - 12, above[number], kind="tk", size=12),
            ]
    names = ((167, "encoder"), (293, "code"), (419, "decoder"))
    parts += [plot.text(x, 246, name) for x, name in names]
    return plot.svg(586, 256, parts)


def noisy_code():
    """The way from an image to its copy in a variational autoencoder: mean and spread, noise, code."""
    middle = 90
    parts = [
        plot.box(10, middle - 40, 56, 80),
        plot.text(38, middle + 5, "x"),
        _trapezoid(96, 176, middle, 80, 56),
        plot.text(136, middle + 5, "encoder"),
        plot.box(206, middle - 48, 60, 36, "p1"),
        plot.text(236, middle - 25, "m"),
        plot.box(206, middle + 12, 60, 36, "p1"),
        plot.text(236, middle + 35, "s"),
        plot.mark(330, middle, "k0", 17),
        plot.text(330, middle + 5, "z"),
        _trapezoid(386, 466, middle, 56, 80),
        plot.text(426, middle + 5, "decoder"),
        plot.box(496, middle - 40, 56, 80),
        plot.text(524, middle + 5, "x̂"),
        plot.text(330, middle - 60, "noise ε"),
        plot.text(330, middle + 56, "z = m + s · ε"),
    ]
    ways = (
        ((68, middle), (94, middle)),
        ((178, middle - 12), (204, middle - 28)),
        ((178, middle + 12), (204, middle + 28)),
        ((268, middle - 30), (314, middle - 10)),
        ((268, middle + 30), (314, middle + 10)),
        ((330, middle - 54), (330, middle - 20)),
        ((349, middle), (384, middle)),
        ((468, middle), (494, middle)),
    )
    return plot.svg(564, 176, parts + [plot.arrow(*way) for way in ways])


def stack():
    """Three RBMs on top of each other, one after the other; then the whole stack with a layer for the labels."""
    parts = []
    for column, (height, title) in enumerate(((1, "first"), (2, "second"), (3, "third"), (4, "fine-tuned"))):
        left = 14 + column * 146
        for level in range(height + 1 if height < 4 else 5):
            y = 190 - level * 40
            size = ("784", "256", "256", "256", "10")[level]
            is_new = height == 4 or level >= height - 1
            parts += [plot.box(left, y, 100, 22, "p1" if is_new else "pa"), plot.text(left + 50, y + 16, size, size=12)]
            if level:
                both = [((left + 50, y + 38), (left + 50, y + 24))]
                both += [((left + 50, y + 24), (left + 50, y + 38))] if level == height < 4 else []
                parts += [plot.arrow(*way) for way in both]
        parts.append(plot.text(left + 50, 236, title))
    return plot.svg(590, 248, parts)


def arrows_of_a_denoiser():
    """The best denoiser of the numbers −1 and 1, for two amounts of noise, and its arrows at some damaged values."""
    axes = plot.Axes((-2, 2), (-1.5, 1.5))
    axes.frame([-2, -1, 0, 1, 2], [-1, 0, 1], "damaged number", "best answer")
    across = np.linspace(-2, 2, 81)
    axes.curve((-1.5, 1.5), (-1.5, 1.5), "p3")
    for damaged in (-0.6, -0.3, 0.3, 0.6, 1.4):
        axes.parts.append(plot.arrow(axes.at(damaged, damaged), axes.at(damaged, np.tanh(damaged / 0.5**2))))
    axes.curve(across, np.tanh(across / 0.5**2), "p1")
    axes.curve(across, np.tanh(across / 0.8**2), "p2")
    axes.label(2, 1, "σ = 0.5", "end", dy=-8)
    axes.label(1.2, 0.8, "σ = 0.8", dy=8)
    axes.label(-1.25, -1.4, "left as it is", dx=8, dy=4)
    return plot.svg(590, 340, axes.parts)
