"""How much the results of listings depend on the random seed, drawn from the course's data/trials.csv, which trials.py recorded."""

import csv
from pathlib import Path

import plot

RECORD = Path(__file__).parents[2] / "data" / "trials.csv"


def _errors(trial, name):
    """What the lines with this name said in a trial, one number for each seed."""
    with RECORD.open(newline="") as file:
        return [float(row[4]) for row in csv.reader(file) if (row[0], row[3]) == (trial, name)]


def _dots(trial, rows, last, step):
    """A row of dots for each (name, words); the numbers on the axis go up to `last`."""
    axes = plot.Axes((0, last), (0, len(rows)), 190, 16, 370, 52 * len(rows))
    axes.frame([round(step * n, 3) for n in range(round(last / step) + 1)], [], "mean squared error on the test digits")
    for row, (name, words, kind) in enumerate(rows):
        height = len(rows) - row - 0.5
        errors = _errors(trial, name)
        axes.parts.append(plot.line([axes.at(0, height), axes.at(last, height)], "pg"))
        axes.marks(errors, [height] * len(errors), kind, 4)
        axes.parts.append(plot.text(180, axes.at(0, height)[1] + 4, words, "end"))
    return plot.svg(580, 52 * len(rows) + 66, axes.parts)


def denoisers():
    """Errors of three methods without a network, and of the convolutional denoiser."""
    rows = [
        ("median", "median filter", "k0"),
        ("gaussian", "Gaussian filter", "k0"),
        ("linear", "best linear map", "k0"),
        ("network", "convolutional network", "kn"),
    ]
    return _dots("denoisers", rows, 0.04, 0.01)


def unrolled():
    """Errors of PCA, and of deep autoencoders with and without pre-training."""
    rows = [
        ("relu_alone", "ReLU, sigmoid code", "k0"),
        ("random_start", "sigmoid, sigmoid code", "k0"),
        ("linear_code", "sigmoid, linear code", "k0"),
        ("unrolled", "unrolled RBMs", "kn"),
        ("relu", "ReLU, linear code", "k0"),
        ("pca16", "PCA", "k0"),
    ]
    return _dots("unrolled", rows, 0.07, 0.01)
