"""The parts of an RBM with new numbers, and the whole network with digits whose pixels are shuffled and labels exchanged.

So weights trained elsewhere are useless. A network without pretraining reads nearly as many digits with 200 labels, so the
layers are judged themselves: trained, the worst of them removes 0.73 of the mean's error, and a random layer less than 0.1.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss

UNLIKE = "{} is off by up to {:.3g}."


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def parameters(rng):
    """v, W, a, b: visible units between 0 and 1."""
    visible, hidden = rng.integers(4, 9), rng.integers(3, 7)
    v = rng.random((5, visible))
    parts = (v, rng.normal(size=(visible, hidden)), rng.normal(size=visible), rng.normal(size=hidden))
    return tuple(part.astype("float32") for part in parts)


def visible_and_weights(rng):
    v, W, _, b = parameters(rng)
    return v, W, b


def settings(rng):
    v, W, a, b = parameters(rng)
    on = [(rng.random((5, size)) < 0.5).astype("float32") for size in W.shape]
    return *on, W, a, b


def steps(rng):
    v, W, a, b = parameters(rng)
    return v, rng.random((5, len(b))).astype("float32"), W, a, b


def right_energy(v, h, W, a, b):
    return -np.einsum("ni,ij,nj->n", v, W, h) - v @ a - h @ b


def right_changes(v, draws, W, a, b, sampled=True):
    h = sigmoid(v @ W + b)
    rebuilt = sigmoid((draws < h if sampled else h) @ W.T + a)
    again = sigmoid(rebuilt @ W + b)
    return (v.T @ h - rebuilt.T @ again) / len(v), (v - rebuilt).mean(axis=0), (h - again).mean(axis=0)


def is_a_step(given, *inputs):
    if len(given) != 3:
        return "changes should return three arrays: for W, a and b."
    for name, one, other in zip(("ΔW", "Δa", "Δb"), given, right_changes(*inputs), strict=True):
        if np.shape(one) != other.shape:
            return f"{name} has the shape {np.shape(one)} but should have {other.shape}."
        if np.abs(one - other).max() > 1e-3:
            return UNLIKE.format(name, np.abs(one - other).max())
    return None


def balanced(labels):
    """The positions of twenty digits of each class, always the same, because the accuracy varies too much from draw to draw."""
    random = np.random.default_rng(2)
    return np.concatenate([random.permutation(np.flatnonzero(labels == digit))[:20] for digit in range(10)])


def unlabeled(rng):
    order = rng.permutation(784)
    (train, _), (test, _) = mnist()
    return (train.reshape(-1, 784)[:, order],), (test.reshape(-1, 784)[:800, order],)


def few_labels(rng):
    """Unlabeled digits, and 200 with labels; unseen ones. The pixels are shuffled, and no class keeps its label."""
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
        reference=lambda v, W, b: sigmoid(v @ W + b),
        tolerance=1e-4,
        message="up(v, W, b) returns sigmoid(v · W + b).",
        near_misses=[
            NearMiss("Your units have no biases.", lambda v, W, b: sigmoid(v @ W)),
            NearMiss("You returned the inputs of the units, without the sigmoid.", lambda v, W, b: v @ W + b),
        ],
    ),
    Call(
        name="The energy of a configuration",
        points=2,
        function="energy",
        draw=settings,
        reference=right_energy,
        tolerance=1e-3,
        message="energy(v, h, W, a, b) returns −v · W · h − a · v − b · h, one number for each row.",
        near_misses=[
            NearMiss("The sign is wrong.", lambda *given: -right_energy(*given)),
            NearMiss("Your energy leaves out the biases.", lambda v, h, W, a, b: right_energy(v, h, W, 0 * a, 0 * b)),
            NearMiss(
                "You subtracted the biases from the products, and then changed the sign.",
                lambda v, h, W, a, b: right_energy(v, h, W, -a, -b),
            ),
            NearMiss("You added up the whole batch.", lambda *given: right_energy(*given).sum()),
        ],
    ),
    Call(
        name="One step of contrastive divergence",
        points=3,
        function="changes",
        draw=steps,
        accept=is_a_step,
        tolerance=1e-3,
        message="changes(v, draws, W, a, b) returns ΔW, Δa and Δb: the positive phase minus the negative phase.",
        near_misses=[
            NearMiss(
                "You sent the hidden probabilities down instead of samples.",
                lambda *given: right_changes(*given, sampled=False),
            ),
            NearMiss(
                "You subtracted the positive phase from the negative phase.",
                lambda *given: tuple(-change for change in right_changes(*given)),
            ),
            NearMiss(
                "You added up the batch instead of taking its mean.",
                lambda *given: tuple(len(given[0]) * change for change in right_changes(*given)),
            ),
        ],
    ),
    HeldOut(
        name="All three layers are trained without labels",
        points=2,
        function="stacked",
        data=unlabeled,
        evaluator="layers.py",
        at_least=0.5,
        message="Each RBM of stacked(images) should rebuild the data it was trained on: images, then the hidden probabilities of the RBM below.",
    ),
    HeldOut(
        name="Two hundred labels are enough",
        points=2,
        function="read_with_few",
        data=few_labels,
        evaluator="held_out.py",
        at_least=0.83,
        message="stacked(images) trains an RBM on the images, a second one on the hidden probabilities of the first, and a third on the second.",
    ),
]
