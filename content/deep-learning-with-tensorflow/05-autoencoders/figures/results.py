"""Figures of what the networks of this module found, drawn from the files that data/record.py wrote."""

import csv
import string
from pathlib import Path
from statistics import NormalDist

import numpy as np
import plot

CHARACTERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/"  # −32 to 31
DATA = Path(__file__).parent.parent / "data"


def _rows(name):
    with (DATA / name).open(newline="") as file:
        return list(csv.reader(file))


def _images(name, side):
    return np.array(_rows(name), dtype=float).reshape(-1, side, side) / 255


def arc():
    """Points on an arc, the straight line through them, and the curve of an autoencoder."""
    axes = plot.Axes((-1.4, 1.4), (-1.3, 1.3), left=128, width=336, height=312)
    axes.frame([-1, 0, 1], [-1, 0, 1], "first number", "second number")
    rows = _rows("arc.csv")
    of = {
        kind: np.array([row[1:] for row in rows if row[0] == kind], dtype=float).T
        for kind in ("point", "line", "curve")
    }
    axes.marks(*of["point"], "k0", 2.5)
    axes.curve(*of["line"], "p2")
    axes.curve(*of["curve"], "p1")
    return plot.svg(590, 380, axes.parts)


def kept_numbers():
    """The error of test digits rebuilt from 1, 2, 4, … 512 principal components."""
    counts, errors = np.array(_rows("kept.csv"), dtype=float).T
    across = np.log2(counts)
    axes = plot.Axes((0, 9), (0, 0.08))
    axes.frame([], [0, 0.02, 0.04, 0.06, 0.08], "numbers kept for each image", "error")
    for count, exponent in zip(counts, across, strict=True):
        x, bottom = axes.at(exponent, 0)
        axes.parts += [
            plot.line([(x, bottom), (x, bottom + 5)], "pa"),
            plot.text(x, bottom + 20, f"{count:g}", kind="tk"),
        ]
    axes.curve((0, 9), (0.0676, 0.0676), "p3")
    axes.label(9, 0.0676, "the mean image alone", "end", dy=-6)
    axes.curve(across, errors, "p1")
    axes.marks(across, errors, "k1")
    return plot.svg(590, 340, axes.parts)


def latent_plane():
    """The codes of 300 test digits, each written as its label, in the color of its class."""
    labels, across, up = np.array(_rows("codes.csv"), dtype=float).T
    limits = [(values.min() - 0.5, values.max() + 0.5) for values in (across, up)]
    axes = plot.Axes(*limits, height=352)
    axes.parts.append(plot.box(axes.left, axes.top, axes.width, axes.height, "pg"))
    for digit in range(10):
        look = 'text-anchor="middle" font-size="12" font-weight="600" fill="currentColor"'
        axes.parts.append(f'<g class="group-{digit}" {look}>')
        for a, b in zip(across[labels == digit], up[labels == digit], strict=True):
            x, y = axes.at(a, b)
            axes.parts.append(f'<text x="{plot.number(x)}" y="{plot.number(y + 4)}">{digit}</text>')
        axes.parts.append("</g>")
    axes.parts.append(
        plot.text(axes.left + axes.width, axes.top + axes.height + 20, "first number of the code", "end", "tk")
    )
    axes.parts.append(plot.text(axes.left, axes.top - 6, "second number", "start", "tk"))
    return plot.svg(560, 400, axes.parts)


def _gallery(images, titles, size=3):
    """Rows of images under each other, each row with its title at the left."""
    per_row = len(images) // len(titles)
    parts, step = [], 28 * size + 10
    for row, title in enumerate(titles):
        top = 8 + row * step
        parts.append(plot.text(92, top + step / 2, title, "end"))
        for column in range(per_row):
            parts += plot.pixels(104 + column * step, top, images[row * per_row + column], size)
    return plot.svg(104 + per_row * step, 8 + len(titles) * step, parts)


def rebuilt_digits():
    return _gallery(_images("rebuilt.csv", 28), ("original", "PCA", "autoencoder"))


def cleaned_digits():
    return _gallery(_images("cleaned.csv", 28), ("damaged", "rebuilt"))


def _decode(layers, codes):
    """As static/js/interactive-network.js: ReLU between the layers, a sigmoid at the end."""
    for depth, layer in enumerate(layers, 1):
        steps = np.array([CHARACTERS.index(character) - 32 for character in layer["weights"]]).reshape(
            layer["inputs"] + 1, -1
        )
        sums = codes @ (layer["scale"] * steps[:-1]) + layer["scale"] * steps[-1]
        codes = 1 / (1 + np.exp(-sums)) if depth == len(layers) else np.maximum(0, sums)
    return codes


def imagined_digits():
    """25 codes on a grid, and what the decoder of the interactive figure makes of each, with more contrast."""
    figure, parts = plot.interactive(__file__, "imagined-digits.yaml"), []
    places = [NormalDist().inv_cdf(share) for share in (0.05, 0.275, 0.5, 0.725, 0.95)]
    grid = np.array([(a, b) for b in reversed(places) for a in places])
    for number, image in enumerate(_decode(figure["layers"], grid)):
        ink = np.clip((image.reshape(14, 14) - 0.12) / 0.6, 0, 1)  # a decoder is rarely sure of a pixel
        parts += plot.pixels(8 + number % 5 * 59, 8 + number // 5 * 59, ink, 4)
    return plot.svg(308, 308, parts)


def walk():
    """From one digit to another in seven steps: above through the codes, below through the images."""
    figure, parts, size = plot.interactive(__file__, "walk.yaml"), [], 5
    start, end = (np.array(figure["codes"][figure[name]][1:]) for name in ("from", "to"))
    shares = np.linspace(0, 1, 7)[:, None]
    ends = _decode(figure["layers"], np.array([start, end]))
    rows = (_decode(figure["layers"], start + shares * (end - start)), ends[0] + shares * (ends[1] - ends[0]))
    for row, (title, images) in enumerate(zip(("codes", "images"), rows, strict=True)):
        top = 8 + row * 84
        parts.append(plot.text(62, top + 40, title, "end"))
        for column, image in enumerate(images):
            parts += plot.pixels(74 + column * 78, top, image.reshape(14, 14), size)
    return plot.svg(620, 168, parts)


def fewer_labels():
    """Accuracy against the number of labels: with and without pre-training, and of two rivals."""
    counts, pretrained, random, nearest, spreading = np.array(_rows("fewer-labels.csv")[1:], dtype=float).T
    across = np.log10(counts)
    axes = plot.Axes((across[0], across[-1]), (0.6, 1.03))
    axes.frame([], [0.6, 0.7, 0.8, 0.9, 1], "labels (each step about threefold)", "accuracy")
    bottom = axes.top + axes.height
    for count, exponent in zip(counts, across, strict=True):
        axes.parts.append(plot.text(axes.at(exponent, 0)[0], bottom + 20, f"{count:,.0f}", kind="tk"))
    curves = (
        (spreading, "curve-4", "label spreading"),
        (pretrained, "p1", "pre-trained network"),
        (nearest, "p3", "nearest neighbor"),
        (random, "p2", "random start"),
    )
    for row, (values, kind, name) in enumerate(curves):
        axes.curve(across, values, kind)
        height = 0.76 - 0.035 * row
        axes.curve([3, 3.18], [height] * 2, kind)
        axes.label(3.22, height, name, dy=5)
    axes.marks(across, pretrained, "k1")
    axes.marks(across, random, "k0")
    return plot.svg(570, 340, axes.parts)
