"""Draw figures as SVG text that takes its colors from the page's theme.

Nothing here has a color: shapes are `currentColor` with a class, and the page's style sheet may say more.
"""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

SHADES = 5  # levels of ink, so that an image is five shapes instead of hundreds

# What a shape looks like where the style sheet says nothing, so that curves differ without color too.
STROKES = {
    "pa": 'stroke="currentColor"',
    "pg": 'stroke="currentColor" stroke-opacity="0.2"',
    "p1": 'stroke="currentColor" stroke-width="2"',
    "p2": 'stroke="currentColor" stroke-width="2" stroke-dasharray="6 4"',
    "p3": 'stroke="currentColor" stroke-dasharray="2 3"',
    "curve-4": 'stroke="currentColor" stroke-width="2" stroke-dasharray="10 3 2 3"',
}
MARKS = {
    "k0": 'fill="none" stroke="currentColor"',
    "k1": 'fill="currentColor"',
    "kn": 'fill="currentColor"',
}


def interactive(program, name):
    """The data of an interactive figure, which lies beside the program that draws its static form."""
    return YAML(typ="safe").load(Path(program).with_name(name))


def number(value):
    """A coordinate with at most one decimal, so that two machines write the same text."""
    return f"{round(float(value), 1) + 0.0:g}"  # + 0.0 turns -0.0 into 0.0


def tidy(tick):
    """A tick's number with a true minus sign."""
    return f"{tick:g}".replace("-", "−")


def _through(points):
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def lines(ways, kind="pa", opacity=None):
    """Several polylines in one path, which takes fewer bytes than a path for each."""
    fade = f' opacity="{opacity:.2g}"' if opacity is not None else ""
    return f'<path class="{kind}" d="{"".join(map(_through, ways))}" fill="none" {STROKES[kind]}{fade}/>'


def line(points, kind="p1", opacity=None, close=False):
    """A polyline through pixel points [(x, y), …]."""
    path = _through(points) + ("Z" if close else "")
    fade = f' opacity="{opacity:.2g}"' if opacity is not None else ""
    return f'<path class="{kind}" d="{path}" fill="none" {STROKES[kind]}{fade}/>'


def mark(x, y, kind="k0", size=3):
    """A circle for k0 and kn, a square for k1: told apart by shape as well as by color."""
    if kind == "k1":
        corner = f'x="{number(x - size)}" y="{number(y - size)}"'
        return f'<rect class="k1" {corner} width="{2 * size}" height="{2 * size}" {MARKS[kind]}/>'
    return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{size}" {MARKS[kind]}/>'


def dots(places, kind="k0", size=3):
    """Marks that do not overlap, as one path, which takes few bytes: circles for k0 and kn, squares for k1."""
    s, d = size, 2 * size
    square, circle = f"m{-s} {-s}h{d}v{d}h{-d}z", f"m{-s} 0a{s} {s} 0 1 0 {d} 0a{s} {s} 0 1 0 {-d} 0"
    shape = square if kind == "k1" else circle
    path = "".join(f"M{number(x)} {number(y)}{shape}" for x, y in places)
    return f'<path class="{kind}" d="{path}" {MARKS[kind]}/>'


def text(x, y, words, anchor="middle", kind="tx", size=13):
    position = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
    fade = ' fill-opacity="0.75"' if kind == "tk" else ""
    return f'<text class="{kind}" {position} font-size="{size}" fill="currentColor"{fade}>{escape(words)}</text>'


def box(x, y, width, height, kind="pa"):
    frame = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect class="{kind}" {frame} fill="none" {STROKES[kind]}/>'


def arrow(start, end, kind="pa"):
    """A line from start to end with a head of two strokes."""
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = 7 * (x1 - x0) / length, 7 * (y1 - y0) / length
    head = [(x1 - ux - uy / 2, y1 - uy + ux / 2), (x1, y1), (x1 - ux + uy / 2, y1 - uy - ux / 2)]
    if kind == "pa":
        return lines([[start, end], head])
    return line([start, end], kind) + line(head, "pa")


def signed(left, top, values, size, shades=SHADES):
    """A grid of values from −1 to 1: positive ones in blue, negative ones in orange, one shape for each shade."""
    return [
        shape
        for values, kind in ((values, "plus"), (-values, "minus"))
        for shape in pixels(left, top, values.clip(0), size, kind, shades)
    ]


def pixels(left, top, values, size, kind="", shades=SHADES):
    """A grid of values from 0 to 1 as squares of ink, or of the color of a class, one shape for each shade."""
    shade = np.rint(values * shades).astype(int)
    named = f' class="{kind}"' if kind else ""
    parts = []
    for level in range(1, shades + 1):
        runs = [
            (left + first * size, top + (row + 0.5) * size, length * size)
            for row, is_lit in enumerate(shade == level)
            for first, length in _runs(is_lit)
        ]
        if runs:
            look = f'stroke="currentColor" stroke-opacity="{level / shades:.3g}" stroke-width="{number(size)}"'
            parts.append(f'<path{named} d="{_strokes(runs)}" {look}/>')
    return parts


def _strokes(runs):
    """A path of horizontal strokes. Each begins relative to the end of the one before, which takes the fewest bytes."""
    path, at = [], np.zeros(2)
    for x, y, length in runs:
        across, down = (np.array([x, y]) - at).round(1)
        path.append(f"m{number(across)} {number(down)}h{number(length)}")
        at += across + round(length, 1), down
    return "".join(path)


def _runs(row):
    """(first, length) of each run of true values."""
    edges = np.flatnonzero(np.diff([0, *row.astype(int), 0]))
    return [(int(first), int(after - first)) for first, after in edges.reshape(-1, 2)]


def svg(width, height, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="drawing">'
    return "\n".join([head, *parts, "</svg>", ""])


@dataclass
class Axes:
    """A rectangle of the picture with its own scales; x and y are (from, to) in data units, the frame in pixels."""

    x: tuple
    y: tuple
    left: float = 48
    top: float = 24
    width: float = 496
    height: float = 272
    parts: list = field(default_factory=list)

    def at(self, x, y):
        """Pixels of a point in data units."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self, xticks, yticks, xlabel="", ylabel=""):
        bottom = self.top + self.height
        for tick in xticks:
            x, _ = self.at(tick, self.y[0])
            self.parts += [line([(x, bottom), (x, bottom + 5)], "pa"), text(x, bottom + 20, tidy(tick), kind="tk")]
        for tick in yticks:
            _, y = self.at(self.x[0], tick)
            self.parts += [
                line([(self.left, y), (self.left + self.width, y)], "pg"),
                text(self.left - 8, y + 4, tidy(tick), "end", "tk"),
            ]
        self.parts.append(line([(self.left, bottom), (self.left + self.width, bottom)], "pa"))
        self.parts.append(text(self.left + self.width, bottom + 38, xlabel, "end"))
        self.parts.append(text(self.left - 8, self.top - 12, ylabel, "start"))

    def curve(self, xs, ys, kind="p1", opacity=None):
        self.parts.append(line([self.at(x, y) for x, y in zip(xs, ys, strict=True)], kind, opacity))

    def marks(self, xs, ys, kind="k0", size=3):
        self.parts += [mark(*self.at(x, y), kind, size) for x, y in zip(xs, ys, strict=True)]

    def label(self, x, y, words, anchor="start", dx=0, dy=0):
        px, py = self.at(x, y)
        self.parts.append(text(px + dx, py + dy, words, anchor))
