"""Compute what two listings show only when they run: the weights of softmax regression, and the edges of a photograph.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/02-convolutional-networks/data/seen.py

from the root of the product. Writes softmax-weights.csv (a line of 784 numbers from −9 to 9 for each digit; 9 is the largest
weight) and, in figures, photograph.jpg (the photograph in gray, its edges, and the magnitude of its gradient).
"""

import csv
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.signal import correlate2d
from sklearn.datasets import load_sample_image

from labs.runner.data.loaders import mnist

FOLDER = Path(__file__).parent
GAP, WIDTH = 8, 320


def softmax_weights(steps=1_000, batch=50, rate=0.5):
    """The weights after as many steps as in the listing softmax-graph, one row for each digit."""
    (images, labels), _ = mnist()
    x, y = images[:8000].reshape(-1, 784) / 255, np.eye(10)[labels[:8000]]
    weights, bias, random = np.zeros((784, 10)), np.zeros(10), np.random.default_rng(1)
    for step in range(steps):
        if step % (len(x) // batch) == 0:
            order = random.permutation(len(x))
        some = order[step * batch % len(x) :][:batch]
        scores = x[some] @ weights + bias
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (p / p.sum(axis=1, keepdims=True) - y[some]) / batch
        weights -= rate * x[some].T @ error
        bias -= rate * error.sum(axis=0)
    return weights.T


def photograph():
    """Three pictures side by side, as the listing photograph draws them."""
    gray = load_sample_image("china.jpg") @ np.array([0.299, 0.587, 0.114])
    to_the_right = np.array([[-1, 0, 1]] * 3)
    edges = correlate2d(gray, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "valid") + 128
    magnitude = np.hypot(correlate2d(gray, to_the_right, "valid"), correlate2d(gray, to_the_right.T, "valid"))
    parts = [Image.fromarray(np.clip(pixels, 0, 255).astype("uint8")) for pixels in (gray, edges, magnitude)]
    height = round(WIDTH * gray.shape[0] / gray.shape[1])
    picture = Image.new("L", (3 * WIDTH + 2 * GAP, height), 255)
    for column, part in enumerate(parts):
        picture.paste(part.resize((WIDTH, height), Image.Resampling.LANCZOS), (column * (WIDTH + GAP), 0))
    return picture


def main():
    weights = softmax_weights()
    with (FOLDER / "softmax-weights.csv").open("w", newline="") as file:
        rows = np.rint(9 * weights / np.abs(weights).max()).astype(int)
        csv.writer(file, lineterminator="\n").writerows(rows.tolist())
    photograph().save(FOLDER.parent / "figures" / "photograph.jpg", quality=80, optimize=True)


if __name__ == "__main__":
    main()
