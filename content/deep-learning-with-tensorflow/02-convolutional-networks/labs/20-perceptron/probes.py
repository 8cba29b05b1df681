"""Call four functions with new inputs, and score two models, trained from scratch, on the test digits.

The labels are permuted at random, so weights that were trained or copied elsewhere are of no use.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def images(rng):
    return (rng.integers(0, 256, (rng.integers(2, 9), 28, 28), dtype=np.uint8),)


def labels(rng):
    return (rng.integers(0, 10, rng.integers(5, 30)),)


def scores(rng):
    """Return scores; in every second row, their exponentials overflow."""
    z = rng.normal(0, 3, (6, rng.integers(3, 12)))
    z[::2] += rng.uniform(-900, 900, (3, 1))
    return (z.astype("float32"),)


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def labels_and_probabilities(rng):
    p = rng.dirichlet(np.ones(10), 8).clip(1e-4, 1)
    return np.eye(10, dtype="float32")[rng.integers(0, 10, 8)], p.astype("float32")


def digits_under_other_names(rng):
    """Return training and test digits with permuted labels; no digit keeps its label."""
    names = np.roll(rng.permutation(10), 1)
    while (names == np.arange(10)).any():
        names = rng.permutation(10)
    (train_images, train_labels), (test_images, test_labels) = mnist()
    return (train_images, names[train_labels]), (test_images, names[test_labels])


PROBES = [
    Call(
        name="Images become rows from 0 to 1",
        points=1,
        function="prepared",
        draw=images,
        reference=lambda images: images.reshape(len(images), 784) / 255,
        tolerance=1e-4,
        dtype="float32",
        message="prepared(images) should return float32 of the shape [n, 784], every byte divided by 255.",
        near_misses=[
            NearMiss("You did not divide by 255.", lambda images: images.reshape(len(images), 784)),
            NearMiss("You divided by 256.", lambda images: images.reshape(len(images), 784) / 256),
            NearMiss("Your images still have rows and columns.", lambda images: images / 255),
        ],
    ),
    Call(
        name="Labels become one-hot rows",
        points=1,
        function="one_hot",
        draw=labels,
        reference=lambda labels: np.eye(10)[labels],
        message="one_hot(labels) should return a row of ten for each label, 1 in its position and 0 elsewhere.",
        near_misses=[
            NearMiss("Your labels are columns instead of rows.", lambda labels: np.eye(10)[labels].T),
            NearMiss(
                "The 1 is one position too far right: positions count from 0.",
                lambda labels: np.eye(11)[labels + 1][:, :10],
            ),
        ],
    ),
    Call(
        name="Softmax, also for large scores",
        points=2,
        function="softmax",
        draw=scores,
        reference=softmax,
        tolerance=1e-4,
        message="softmax(z) should return the probabilities of each row; subtract the row's largest score before the exponential.",
        near_misses=[
            NearMiss("exp(z) overflows for large scores.", lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)),
            NearMiss("You normalized the columns.", lambda z: softmax(z.T).T),
            NearMiss("Your powers are not divided by their sum.", lambda z: np.exp(z - z.max(axis=1, keepdims=True))),
            NearMiss(
                "You subtracted the largest score of the whole batch.",
                lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1, keepdims=True),
            ),
        ],
    ),
    Call(
        name="The mean cross-entropy",
        points=1,
        function="cross_entropy",
        draw=labels_and_probabilities,
        reference=lambda y, p: -np.mean(np.sum(y * np.log(p), axis=1)),
        tolerance=1e-3,
        message="cross_entropy(y, p) should sum −y · ln p over each row and return the mean over the rows, one number.",
        near_misses=[
            NearMiss(
                "You divided by the number of entries instead of the number of rows.",
                lambda y, p: -np.mean(y * np.log(p)),
            ),
            NearMiss("You added all rows instead of taking their mean.", lambda y, p: -np.sum(y * np.log(p))),
            NearMiss("The minus is missing.", lambda y, p: np.mean(np.sum(y * np.log(p), axis=1))),
            NearMiss("You returned one number for each row.", lambda y, p: -np.sum(y * np.log(p), axis=1)),
        ],
    ),
    HeldOut(
        name="Softmax regression reads unseen digits",
        points=2,
        function="train_softmax",
        data=digits_under_other_names,
        evaluator="held_out.py",
        at_least=0.88,
        message="train_softmax(images, labels) should return [W, b], shapes [784, 10] and [10], trained on the digits it receives.",
    ),
    HeldOut(
        name="The perceptron reads more unseen digits",
        points=3,
        function="train_perceptron",
        data=digits_under_other_names,
        evaluator="held_out.py",
        at_least=0.92,
        message="train_perceptron(images, labels) should return [W1, b1, W2, b2] with 128 hidden units, trained on its digits.",
    ),
]
