"""Figures of the lessons on digits and networks, drawn from the files in data/."""

import csv
from pathlib import Path

import numpy as np
import plot

DATA = Path(__file__).parent.parent / "data"


def _rows(name):
    with (DATA / name).open(newline="") as file:
        return list(csv.reader(file))


def ten_digits():
    """The first training image of each class."""
    parts = []
    for digit, row in enumerate(_rows("digits.csv")):
        left, top = 10 + digit % 5 * 116, 10 + digit // 5 * 116
        image = np.array(row, dtype=float).reshape(28, 28) / 255
        parts += [plot.box(left, top, 112, 112, "pg"), *plot.pixels(left, top, image, 4)]
    return plot.svg(596, 244, parts)


def learnt_kernels():
    """The kernels of the first layer after 1,100 steps, each in shades of its largest weight."""
    parts = []
    for number, row in enumerate(_rows("kernels.csv")):
        left, top = 10 + number % 8 * 72, 10 + number // 8 * 72
        kernel = np.array(row, dtype=float).reshape(5, 5)
        parts += [plot.box(left, top, 60, 60, "pg"), *plot.signed(left, top, kernel / np.abs(kernel).max(), 12)]
    return plot.svg(590, 300, parts)


def first_maps(digit=5, count=8):
    """What the strongest kernels of the long run find in a digit: positive sums, without the biases, which have no record."""
    image = np.array(_rows("digits.csv")[digit], dtype=float).reshape(28, 28) / 255
    kernels = np.array(_rows("kernels.csv"), dtype=float).reshape(-1, 5, 5)
    strongest = np.argsort(-(kernels**2).sum(axis=(1, 2)), kind="stable")[:count]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, 2), (5, 5))
    maps = [np.maximum((windows * kernels[number]).sum(axis=(2, 3)), 0) for number in strongest]
    parts = []
    for number, values in enumerate([image, *maps]):
        left, top = 10 + number % 5 * 116, 10 + number // 5 * 116
        parts += [plot.box(left, top, 112, 112, "pg"), *plot.pixels(left, top, values / np.max(values), 4)]
    return plot.svg(596, 244, parts)


def long_run():
    """Accuracy in training and in the test over the 1,100 steps of the long run."""
    steps, training, test = np.array(_rows("long-run.csv")[1:], dtype=float).T
    steps, training, test = steps[1:], training[1:], test[1:]  # at step 0, both are guesses
    axes = plot.Axes((0, 1100), (0.8, 1.005))
    axes.frame(range(0, 1200, 200), [0.8, 0.85, 0.9, 0.95, 1], "step", "accuracy")
    axes.curve(steps, test, "p1")
    axes.marks(steps, test, "k1", 2.5)
    axes.marks(steps, training, "k0")
    axes.curve((0, 1100), (0.954, 0.954), "p3")
    axes.label(215, 0.893, "test, 1,500 images")
    axes.label(20, 0.954, "nearest neighbor", dy=-7)
    axes.label(515, 0.983, "batches of 50", "end", dy=4)
    return plot.svg(590, 340, axes.parts)


def perceptron():
    """From the image to ten scores, with the number of parameters above each dense layer."""
    boxes = (("28 × 28", "image"), ("784", "flat"), ("128", "ReLU"), ("10", "scores"), ("10", "softmax"))
    above = ("", "100,480", "1,290", "")
    parts = []
    for number, (size, name) in enumerate(boxes):
        left = 10 + number * 120
        parts += [
            plot.box(left, 50, 70, 40),
            plot.text(left + 35, 75, size),
            plot.text(left + 35, 112, name, kind="tk"),
        ]
        if number < len(above):
            parts += [plot.arrow((left + 72, 70), (left + 118, 70)), plot.text(left + 95, 40, above[number], kind="tk")]
    return plot.svg(570, 126, parts)


def network():
    """The maps of the convolutional network: height of a box by height of the map, depth by the number of channels."""
    shapes = ((28, 1, "image"), (28, 32, "32 × 5×5"), (14, 32, "pool"), (14, 64, "64 × 5×5"), (7, 64, "pool"))
    apart = (0, -9, -15, 1, 9)  # a phone enlarges the labels
    parts, left, floor = [], 14, 150
    for (side, channels, name), aside in zip(shapes, apart, strict=True):
        height, shift = side * 3, 2 + channels / 3
        parts += [
            plot.box(left + offset, floor - height - offset, height, height, "pa" if offset else "p1")
            for offset in ((shift, shift / 2, 0) if channels > 1 else (0,))
        ]
        parts += [
            plot.text(left + height / 2 + aside, floor + 20, f"{side}×{side}×{channels}"),
            plot.text(left + height / 2, floor + 40, name, kind="tk"),
        ]
        left += height + shift + (24 if side > 7 else 40)
    for units, name in ((1024, "dense"), (10, "scores")):
        height = 120 if units > 10 else 40
        parts += [
            plot.box(left, floor - height, 10, height, "p1"),
            plot.text(left + 5, floor + 20, str(units)),
            plot.text(left + 5, floor + 40, name, kind="tk"),
        ]
        left += 56
    return plot.svg(round(left + 10), 200, parts)


def four_curves():
    """The learning curves of a perceptron with four faults, each on separate axes."""
    highest, parts = {"A": 2.4, "B": 1, "C": 4, "D": 2.4}, []
    for index, (letter, top) in enumerate(highest.items()):
        rows = [list(map(float, row[1:])) for row in _rows("curves.csv") if row[0] == letter]
        epochs, training, validation = np.array(rows).T
        frame = {"left": 36 + index % 2 * 296, "top": 38 + index // 2 * 224, "width": 244, "height": 140}
        axes = plot.Axes((0, 20), (0, top), **frame)
        axes.frame([0, 10, 20], [0, top / 2, top], "epoch", f"{letter}: loss")
        axes.curve(epochs, training, "p2")
        axes.curve(epochs, validation, "p1")
        parts += axes.parts
    return plot.svg(590, 448, parts)
