"""Feed the nodes with drawn flowers, weights and biases; then train on real irises with a drawn unit and order of species.

The records are compared with a descent that is computed here, so only somebody who really trained can have them.
"""

import numpy as np
from sklearn.datasets import load_iris

from labs.runner.judge.authoring import Call, HeldOut, NearMiss, Run

RATE, DECAY, STAIR, EVERY = 0.05, 0.95, 100, 10
# Costs in the second half of the records: at least 0.012 off if the rate never decays, at most 0.002 off from any small start.
LATE = 0.006
# Mean distances over the records after the first, from 150 small random starts: at most 0.008.
NEAR = 0.03


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def labels(rng, count):
    return np.eye(3, dtype="float32")[rng.integers(3, size=count)]


def model(rng):
    return {
        "x": rng.uniform(0, 5, (rng.integers(5, 40), 4)).astype("float32"),
        "weights": rng.normal(size=(4, 3)).astype("float32"),
        "bias": rng.normal(size=3).astype("float32"),
    }


def model_and_labels(rng):
    fed = model(rng)
    return {**fed, "y": labels(rng, len(fed["x"]))}


def cross_entropy(x, weights, bias, y):
    return -np.mean(np.sum(y * np.log(softmax(x.astype(float) @ weights + bias)), axis=1))


def twice_softened(x, weights, bias, y):
    return cross_entropy(softmax(x @ weights + bias), np.eye(3), 0, y)


def share_right(x, weights, bias, y):
    return np.mean((x @ weights + bias).argmax(axis=1) == y.argmax(axis=1))


def flowers(rng):
    """Return all irises, shuffled, with a slightly different unit of length and the species in another order."""
    iris = load_iris()
    order, species = rng.permutation(150), rng.permutation(3)[iris.target]
    x = iris.data * rng.uniform(0.95, 1.05)
    return x[order].astype("float32"), species[order]


def flowers_to_train(rng):
    x, species = flowers(rng)
    return x[:100], np.eye(3, dtype="float32")[species[:100]], 10 * int(rng.integers(60, 71))


def seen_and_unseen(rng):
    x, species = flowers(rng)
    given = x[:100], np.eye(3, dtype="float32")[species[:100]], 700, "held-out-summaries"
    return given, (x[100:], species[100:])


def descent(x, y, epochs):
    """Return {tag: [[step, value], …]} of a descent from zero, which the tolerances allow to differ from any small start."""
    weights, bias = np.zeros((4, 3)), np.zeros(3)
    records = {"cost": [], "accuracy": []}
    for step in range(epochs):
        if step % EVERY == 0:
            records["cost"].append([step, cross_entropy(x, weights, bias, y)])
            records["accuracy"].append([step, share_right(x, weights, bias, y)])
        error = (softmax(x @ weights + bias) - y) / len(x)
        rate = RATE * DECAY ** (step // STAIR)
        weights, bias = weights - rate * x.T @ error, bias - rate * error.sum(axis=0)
    return records


def records_follow(found, x, y, epochs):
    for tag, rows in descent(x.astype(float), y, epochs).items():
        told, right = np.asarray(found.get(tag, [])), np.array(rows)
        if told.shape != right.shape:
            return f"“{tag}” has {len(told)} records; there should be {len(right)}."
        if (told[:, 0] != right[:, 0]).any():
            return f"The records of “{tag}” do not have the step numbers 0, 10, 20 …"
        # The first steps depend on the small random start, and an accuracy jumps by whole flowers.
        if tag == "cost" and np.abs(told - right)[:, 1].max() > 0.06:
            return "The recorded costs are not those of this training."
        if tag == "cost" and np.abs(told - right)[len(right) // 2 :, 1].max() > LATE:
            return "The later costs are those of another learning rate. Does train_step advance global_step?"
        if tag == "accuracy" and not np.abs(told - right)[1:, 1].mean() < NEAR:
            return "The recorded accuracies are not those of this training."
    return None


PROBES = [
    Run(
        name="The outputs are the softmax of the scores",
        points=2,
        fetch="output",
        session="test_session",
        draw=model,
        reference=lambda x, weights, bias: softmax(x @ weights + bias),
        tolerance=1e-4,
        message="output should be the softmax of x · weights + bias, one row for every flower.",
        near_misses=[
            NearMiss("Your output has no bias.", lambda x, weights, bias: softmax(x @ weights)),
            NearMiss("You returned the scores without the softmax.", lambda x, weights, bias: x @ weights + bias),
            NearMiss(
                "Your softmax adds up each column instead of each row.",
                lambda x, weights, bias: softmax((x @ weights + bias).T).T,
            ),
        ],
    ),
    Run(
        name="The cost is the mean cross-entropy",
        points=2,
        fetch="cost",
        session="test_session",
        draw=model_and_labels,
        reference=cross_entropy,
        tolerance=1e-3,
        message="cost should be the mean over all flowers of the cross-entropy of their outputs and one-hot labels.",
        near_misses=[
            NearMiss("You applied the softmax twice: the function expects the scores.", twice_softened),
            NearMiss(
                "You added the cross-entropies, but did not divide by the number of flowers.",
                lambda x, weights, bias, y: len(x) * cross_entropy(x, weights, bias, y),
            ),
        ],
    ),
    Run(
        name="The accuracy is the share of correct predictions",
        points=1,
        fetch="accuracy",
        session="test_session",
        draw=model_and_labels,
        reference=share_right,
        tolerance=1e-4,
        message="accuracy should be the share of rows whose largest output is in the position where y has its 1.",
        near_misses=[
            NearMiss("That is the share of errors.", lambda *fed: 1 - share_right(*fed)),
            NearMiss(
                "You counted the correct predictions, but did not divide by their number.",
                lambda *fed: len(fed[0]) * share_right(*fed),
            ),
        ],
    ),
    Run(
        name="The learning rate decays in steps",
        points=1,
        fetch="rate",
        session="test_session",
        draw=lambda rng: {"global_step": int(rng.integers(1, 900))},
        reference=lambda step: RATE * DECAY ** (step // STAIR),
        tolerance=1e-6,
        message="rate should be 0.05, multiplied by 0.95 after every 100 steps, and constant in between.",
        near_misses=[
            NearMiss(
                "Your rate decays a little at every step: staircase is missing.",
                lambda step: RATE * DECAY ** (step / STAIR),
            ),
            NearMiss("Your rate never decays.", lambda step: RATE),
            NearMiss("Your rate decays at every step by the whole factor.", lambda step: RATE * DECAY**step),
        ],
    ),
    Call(
        name="The records match the training",
        points=2,
        function="recorded",
        draw=flowers_to_train,
        rounds=2,
        accept=records_follow,
        message="train should write the summaries before the steps 0, 10, 20 …, and take each step with the rate of part 3.",
    ),
    HeldOut(
        name="Trained on a hundred flowers, it classifies others",
        points=2,
        function="train",
        data=seen_and_unseen,
        evaluator="held_out.py",
        at_least=0.85,
        message="train(x_values, y_values, epochs, folder) should return the weights and bias after the last step.",
    ),
]
