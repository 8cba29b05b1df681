"""Train the RBM of the lessons on digits, and keep what the figures show.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/04-unsupervised-learning/data/record.py

from the root of the product. It writes images as lines of 784 numbers: compressed.csv (six test digits and their
reconstructions from principal components and from the RBM's bits, in ninths of ink), weights.csv (twelve hidden units; the
largest weight is 9) and dreams.csv (a chain of Gibbs steps from noise). errors.csv has epoch, error with probabilities and
error with bits.
"""

import csv
from pathlib import Path

import numpy as np

from labs.runner.data.loaders import mnist

FOLDER = Path(__file__).parent
HIDDEN, EPOCHS, BATCH, RATE, SEED = 64, 20, 50, 0.2, 6
SHOWN = (0, 1, 2, 3, 4, 7)  # digits
STOPS = (0, 1, 3, 10, 100, 1000)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def ink(images):
    return (images.reshape(-1, 784) > 127).astype("float64")


def sample(draw, p):
    return (draw.random(p.shape) < p).astype("float64")


class RBM:
    def __init__(self, images, draw):
        share = images.mean(axis=0).clip(0.01, 0.99)
        self.weights = draw.normal(0, 0.01, (784, HIDDEN))
        self.visible, self.hidden = np.log(share / (1 - share)), np.zeros(HIDDEN)
        self.draw = draw

    def up(self, v):
        return logistic(v @ self.weights + self.hidden)

    def down(self, h):
        return logistic(h @ self.weights.T + self.visible)

    def learn(self, v):
        """One step of contrastive divergence."""
        h = self.up(v)
        v1 = self.down(sample(self.draw, h))
        h1 = self.up(v1)
        self.weights += RATE * (v.T @ h - v1.T @ h1) / len(v)
        self.visible += RATE * (v - v1).mean(axis=0)
        self.hidden += RATE * (h - h1).mean(axis=0)


def components(images, count):
    """(mean, [784, count]) of the directions with the most variance."""
    mean = images.mean(axis=0)
    return mean, np.linalg.svd(images - mean, full_matrices=False)[2][:count].T


def by_components(images, mean, directions):
    return (mean + (images - mean) @ directions @ directions.T).clip(0, 1)


def write(name, rows, form="{:.0f}"):
    with (FOLDER / name).open("w", newline="") as file:
        csv.writer(file).writerows([[form.format(value) for value in row] for row in rows])


def main():
    (train, _), (test, labels) = mnist()
    train, test, draw = ink(train), ink(test), np.random.default_rng(SEED)
    rbm, errors = RBM(train, draw), []
    for epoch in range(EPOCHS + 1):
        by_bits = rbm.down(sample(draw, rbm.up(test)))
        errors.append((epoch, np.mean((test - rbm.down(rbm.up(test))) ** 2), np.mean((test - by_bits) ** 2)))
        print(*errors[-1])
        order = draw.permutation(len(train))
        for first in range(0, len(train), BATCH) if epoch < EPOCHS else ():
            rbm.learn(train[order[first : first + BATCH]])
    write("errors.csv", errors, "{:.5g}")
    digits = np.array([test[np.flatnonzero(labels == digit)[1]] for digit in SHOWN])
    parts = [by_components(digits, *components(train, count)) for count in (0, 16, 64)]
    bits = rbm.down(sample(draw, rbm.up(digits)))
    write("compressed.csv", 9 * np.concatenate([digits, *parts, bits]))
    largest = np.argsort(-np.abs(rbm.weights).max(axis=0))[:12]
    write("weights.csv", 9 * (rbm.weights / np.abs(rbm.weights).max(axis=0)).T[largest])
    v, seen = sample(draw, np.full((1, 784), 0.5)), {}
    for step in range(STOPS[-1] + 1):
        p = rbm.down(sample(draw, rbm.up(v)))
        seen[step + 1] = p[0]
        if step == 0:
            seen[0] = v[0]
        v = sample(draw, p)
    write("dreams.csv", [9 * seen[step] for step in STOPS])


if __name__ == "__main__":
    main()
