"""The machine's parts with fresh numbers, and the whole with digits whose pixels are mixed up and whose names are exchanged.

So weights that were trained or copied elsewhere read nothing, and with 200 labels a random start stays below what is asked for.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut

UNLIKE = "{} is off by up to {:.3g}."


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def machines(rng):
    """v, W, b, c: visible units between 0 and 1."""
    visible, hidden = rng.integers(4, 9), rng.integers(3, 7)
    v = rng.random((5, visible))
    parts = (v, rng.normal(size=(visible, hidden)), rng.normal(size=visible), rng.normal(size=hidden))
    return tuple(part.astype("float32") for part in parts)


def visible_and_weights(rng):
    v, W, _, c = machines(rng)
    return v, W, c


def settings(rng):
    v, W, b, c = machines(rng)
    on = [(rng.random((5, size)) < 0.5).astype("float32") for size in W.shape]
    return *on, W, b, c


def steps(rng):
    v, W, b, c = machines(rng)
    return v, rng.random((5, len(c))).astype("float32"), W, b, c


def right_changes(v, draws, W, b, c):
    h = sigmoid(v @ W + c)
    dream = sigmoid((draws < h) @ W.T + b)
    again = sigmoid(dream @ W + c)
    return (v.T @ h - dream.T @ again) / len(v), (v - dream).mean(axis=0), (h - again).mean(axis=0)


def is_a_step(given, *inputs):
    if len(given) != 3:
        return "Asked for are three arrays: for W, b and c."
    for name, one, other in zip(("ΔW", "Δb", "Δc"), given, right_changes(*inputs), strict=True):
        if np.shape(one) != other.shape:
            return f"{name} has the shape {np.shape(one)}, asked for is {other.shape}."
        if np.abs(one - other).max() > 1e-3:
            return UNLIKE.format(name, np.abs(one - other).max())
    return None


def balanced(labels):
    """The places of twenty digits of each kind, always the same: from draw to draw the accuracy differs by more than it should."""
    random = np.random.default_rng(2)
    return np.concatenate([random.permutation(np.flatnonzero(labels == digit))[:20] for digit in range(10)])


def few_labels(rng):
    """Unlabelled digits, 200 with labels; unseen ones. Pixels mixed up, no digit keeps its name."""
    order, names = rng.permutation(784), rng.permutation(10)
    while (names == np.arange(10)).any():
        names = rng.permutation(10)
    (train, labels), (test, test_labels) = mnist()
    train, test, some = train.reshape(-1, 784)[:, order], test.reshape(-1, 784)[:, order], balanced(labels)
    return (train, train[some], names[labels[some]]), (test, names[test_labels])


PROBES = [
    Call(
        name="The probabilities of the hidden units",
        points=1,
        function="up",
        draw=visible_and_weights,
        reference=lambda v, W, c: sigmoid(v @ W + c),
        tolerance=1e-4,
        message="up(v, W, c) returns sigmoid(v · W + c).",
    ),
    Call(
        name="The energy of a setting",
        points=2,
        function="energy",
        draw=settings,
        reference=lambda v, h, W, b, c: -np.einsum("ni,ij,nj->n", v, W, h) - v @ b - h @ c,
        tolerance=1e-3,
        message="energy(v, h, W, b, c) returns −v · W · h − b · v − c · h, one number for each row.",
    ),
    Call(
        name="One step of contrastive divergence",
        points=3,
        function="changes",
        draw=steps,
        accept=is_a_step,
        message="changes(v, draws, W, b, c) returns ΔW, Δb and Δc: what belongs to the data minus what belongs to the dream.",
    ),
    HeldOut(
        name="Two hundred labels are enough",
        points=4,
        function="read_with_few",
        data=few_labels,
        evaluator="held_out.py",
        at_least=0.83,
        message="stacked(images) trains a machine on the images, a second one on what the first makes of them, and a third on the second.",
    ),
]
