"""Figures of the lessons on convolution: kernels laid on grids, and what a shift does to a classifier."""

import numpy as np
import plot

CELL = 30


def _grid(left, top, rows, tint, kind="pa", size=CELL):
    """A table of numbers, one in each cell."""
    parts = tint(left, top, rows / np.abs(rows).max() * 0.4, size)  # pale, so that the numbers can be read
    for r, row in enumerate(rows):
        for c, entry in enumerate(row):
            x, y = left + c * size, top + r * size
            parts.append(plot.text(x + size / 2, y + size / 2 + 5, plot.tidy(entry)))
    height, width = len(rows) * size, len(rows[0]) * size
    across = [[(left, top + r * size), (left + width, top + r * size)] for r in range(len(rows) + 1)]
    down = [[(left + c * size, top), (left + c * size, top + height)] for c in range(len(rows[0]) + 1)]
    return [*parts, plot.lines(across + down, kind)]


def _brightness(left, top, values, size):
    """Tint the bright cells in the dark theme, and the dark ones in the light theme."""
    return plot.pixels(left, top, values, size, "bright") + plot.pixels(left, top, values.max() - values, size, "dark")


def _correlated(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))


def _operation(image, kernel, frame, width, height):
    """Image, kernel and map in a row; `frame` is the place (row, column) of the map that is marked."""
    (h, w), result = kernel.shape, _correlated(image, kernel)
    middle = height / 2 + 8
    columns = (image.shape[1], w, result.shape[1])
    first = (width - (sum(columns) + 4) * CELL) / 2
    lefts = (first, first + (columns[0] + 2) * CELL, first + (columns[0] + w + 4) * CELL)
    parts = []
    for left, table, name in zip(lefts, (image, kernel, result), ("image", "kernel", "map"), strict=True):
        top = middle - table.shape[0] * CELL / 2
        tint = _brightness if table is image else plot.signed
        parts += [*_grid(left, top, table, tint), plot.text(left + table.shape[1] * CELL / 2, 20, name)]
        if table is not kernel:
            size = (w, h) if table is image else (1, 1)
            corner = left + frame[1] * CELL, top + frame[0] * CELL
            parts.append(plot.box(corner[0] + 2, corner[1] + 2, size[0] * CELL - 4, size[1] * CELL - 4, "p1"))
    parts += [plot.text(lefts[1] - CELL, middle + 5, "∗"), plot.text(lefts[2] - CELL, middle + 5, "=")]
    return plot.svg(width, height, parts)


def sliding_kernel():
    """A vertical edge under the kernel that looks for one: the first choices of the interactive figure."""
    choices = plot.interactive(__file__, "sliding-kernel.yaml")
    image, kernel = choices["images"][0]["pixels"], choices["kernels"][0]["weights"]
    return _operation(np.array(image), np.array(kernel), (1, 0), 590, 200)


def _cells(left, top, side, size, title, border=0):
    """A square of empty cells with its title and its size; cells of the border have a zero."""
    parts = [plot.text(left + side * size / 2, top - 10, title)]
    parts.append(plot.text(left + side * size / 2, top + side * size + 20, f"{side} × {side}", kind="tk"))
    ends = [step * size for step in range(side + 1)]
    across = [[(left, top + at), (left + side * size, top + at)] for at in ends]
    down = [[(left + at, top), (left + at, top + side * size)] for at in ends]
    parts.append(plot.lines(across + down, "pg"))
    inner = (side - 2 * border) * size
    parts.append(plot.box(left + border * size, top + border * size, inner, inner))
    for row, column in np.ndindex(side, side):
        if min(row, column) < border or max(row, column) >= side - border:
            parts.append(plot.text(left + (column + 0.5) * size, top + (row + 0.5) * size + 4, "0", kind="tk", size=11))
    return parts


def output_size():
    """The start of the interactive figure: image with a border of zeros, feature map, and what pooling leaves."""
    given = plot.interactive(__file__, "output-size.yaml")
    size, length = 22, given["size"] + 2 * given["padding"]
    side = (length - given["kernel"]) // given["stride"] + 1
    pooled = side // given["pool"]
    parts = _cells(20, 32, length, size, "image with padding", given["padding"])
    parts += _cells(290, 32, side, size, "feature map") + _cells(450, 32, pooled, size, "after pooling")
    for left, cells in ((20, given["kernel"]), (290, 1)):
        parts.append(plot.box(left + 2, 34, cells * size - 4, cells * size - 4, "p1"))
    return plot.svg(560, 260, parts)


def small_kernel():
    """The numbers 1 to 9 and a kernel of 1 by 2."""
    return _operation(np.arange(1, 10).reshape(3, 3), np.array([[1, -1]]), (0, 1), 590, 140)


def three_modes():
    """A kernel of three in all places where it overlaps a signal of five."""
    left, parts = 110, []
    for c in range(5):
        parts += [plot.box(left + c * CELL, 20, CELL, CELL), plot.text(left + c * CELL + 15, 40, f"x{'₁₂₃₄₅'[c]}")]
    for shift in range(7):
        top = 66 + shift * 26
        for c in range(3):
            x = left + (shift - 2 + c) * CELL
            parts.append(plot.box(x + 2, top, CELL - 4, 18, "p1" if c == 1 else "pa"))
        modes = ["full"] + ["same"] * (1 <= shift <= 5) + ["valid"] * (2 <= shift <= 4)
        parts += [plot.text(360 + 60 * column, top + 14, mode, "start") for column, mode in enumerate(modes)]
    for edge in (left, left + 5 * CELL):
        parts.append(plot.line([(edge, 50), (edge, 246)], "p3"))
    return plot.svg(550, 256, parts)


def moved_digits():
    """Accuracy of the nearest centroid on test digits moved by 0 to 4 pixels, as the listing of the introduction prints it."""
    axes = plot.Axes((0, 4), (0, 1))
    axes.frame(range(5), [0, 0.2, 0.4, 0.6, 0.8, 1], "pixels to the right", "accuracy")
    measured = (0.8127, 0.7693, 0.5913, 0.3520, 0.1960)
    axes.curve(range(5), measured, "p1")
    axes.marks(range(5), measured, "k1")
    axes.curve((0, 4), (0.1187, 0.1187), "p3")
    axes.label(0.05, 0.14, "always the most common digit")
    return plot.svg(590, 340, axes.parts)
