"""The keys of the templates of module 3 by other means than their authors used: by running what the question speaks of."""

import json
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from tests.content.templates import Values, parameters

MANY_STEPS = 2000


def vector(text: str) -> list[Fraction]:
    """Return the numbers of a vector as it is stored, such as “[0.4, 0.5]”."""
    return [Fraction(entry) for entry in json.loads(text, parse_float=str)]


def padded_and_embedded(values: Values) -> list[int]:
    """Pad lists of words with zeros, one step at a time, and look each word up in a table."""
    sentences = [[1] * int(length) for length in vector(values["lengths"])]
    while len({len(words) for words in sentences}) > 1:
        sentences = [words + [0] * any(len(words) < len(longer) for longer in sentences) for words in sentences]
    return list(np.zeros((2, int(values["size"])))[np.array(sentences)].shape)


def loss_without_a_mask(values: Values) -> Fraction:
    """Average a list with the loss of each step."""
    steps, real = int(values["steps"]), int(values["real"])
    losses = [Fraction(values["loss"]) if step < real else Fraction(0) for step in range(steps)]
    return sum(losses, Fraction(0)) / len(losses)


def state_after_many_steps(values: Values) -> str:
    """Run the cell until its state no longer changes, and show six decimals."""
    kept, state = float(values["kept"]), 0.0
    for _ in range(MANY_STEPS):
        state = float(values["input"]) + kept * state
    return f"{state:.6f}"


def features_that_fit(values: Values) -> int:
    """Try numbers of features until a layer has that many parameters."""
    units, wanted = int(values["units"]), int(values["parameters"])
    return next(features for features in range(1000) if parameters(simple_layer(features, units)) == wanted)


def simple_layer(features: int, units: int) -> list[np.ndarray]:
    return [np.zeros((features, units)), np.zeros((units, units)), np.zeros(units)]


def memory_after_a_step(values: Values) -> Fraction:
    """Weigh old and new content by both gates, as a product of vectors."""
    gates = [Fraction(values["forget"]), Fraction(values["input"])]
    contents = [Fraction(values["memory"]), Fraction(values["candidate"])]
    return Fraction(np.dot(np.array(gates, dtype=object), np.array(contents, dtype=object)))


def parameters_of_an_lstm(values: Values) -> int:
    """Build the weights of three gates and a candidate."""
    features, units = int(values["inputs"]), int(values["units"])
    return parameters([array for _ in range(4) for array in simple_layer(features, units)])


def weight_by_softmax(values: Values) -> str:
    scores = np.array([math.log(int(values["match"])), *[0.0] * int(values["others"])])
    return f"{(np.exp(scores) / np.exp(scores).sum())[0]:.3f}"


def clipped_first_entry(values: Values) -> str:
    """Scale the gradient as TensorFlow does."""
    gradient = np.array([float(values["a"]), float(values["b"])])
    limit = float(values["limit"])
    return f"{(gradient * limit / max(limit, float(np.linalg.norm(gradient))))[0]:.6f}"


def kernel_for_the_state(values: Values) -> list[int]:
    """Join the matrices of three gates and a candidate, each from state to state."""
    units = int(values["units"])
    return list(
        np.concatenate([np.zeros((units, units)) for _ in ("input", "forget", "candidate", "output")], axis=1).shape
    )


def nodes_with_a_vector(values: Values) -> int:
    """Join neighbours until one part is left, and count all the parts there were."""
    parts = [str(word) for word in range(int(values["words"]))]
    nodes = list(parts)
    while len(parts) > 1:
        parts = [f"({parts[0]} {parts[1]})", *parts[2:]]
        nodes.append(parts[0])
    return len(set(nodes))


def shape_of_scores(values: Values) -> list[int]:
    """Pass letters through arrays as large as the weights: the states of all steps, and a score for each symbol."""
    pieces, steps, symbols, size, units = (
        int(values[name]) for name in ("pieces", "steps", "symbols", "size", "units")
    )
    embedded = np.zeros((symbols, size))[np.zeros((pieces, steps), dtype=int)]
    states = np.stack([embedded[:, step] @ np.zeros((size, units)) for step in range(steps)], axis=1)
    return list((states @ np.zeros((units, symbols))).shape)


def slope_along_a_memory(values: Values) -> Fraction:
    """Start with two memories at step 1, one larger by 1, and compare what is left at step 4."""
    gates = dict(enumerate(vector(values["f"]), start=1))

    def memory_at_four(memory: Fraction) -> Fraction:
        for step in range(2, 5):
            memory = gates[step] * memory
        return memory

    return memory_at_four(Fraction(1)) - memory_at_four(Fraction(0))


def state_of_a_gru(values: Values) -> Fraction:
    """Go from the old state toward the candidate, a hundredth of the way at a time."""
    state, candidate = Fraction(values["state"]), Fraction(values["candidate"])
    hundredth = (candidate - state) / 100
    for _ in range(int(Fraction(values["share"]) * 100)):
        state += hundredth
    return state


def slope_of_a_shared_weight(values: Values) -> Fraction:
    """Carry the derivative along with the state, by the product rule."""
    weight, state, slope = Fraction(values["w"]), Fraction(0), Fraction(0)
    for entry in vector(values["x"]):
        state, slope = entry + weight * state, state + weight * slope
    return slope


def accuracy_on_real_steps(values: Values) -> Fraction:
    """Mark a hundred steps, of which the padding is right, and average over those of the mask."""
    padding, total = int(values["padding"]), int(values["total"])
    is_right = [step < total for step in range(100)]
    mask = [step >= padding for step in range(100)]
    marked = [right for right, is_real in zip(is_right, mask, strict=True) if is_real]
    return Fraction(sum(marked), len(marked))


KEYS: dict[str, Callable[[Values], object]] = {
    "batch-of-padded-words": padded_and_embedded,
    "loss-of-a-padded-batch": loss_without_a_mask,
    "state-in-the-long-run": state_after_many_steps,
    "features-of-a-cell": features_that_fit,
    "memory-of-a-gate": memory_after_a_step,
    "lstm-counted": parameters_of_an_lstm,
    "weight-of-a-match": weight_by_softmax,
    "exam-clipped-vector": clipped_first_entry,
    "exam-recurrent-kernel": kernel_for_the_state,
    "exam-nodes-of-a-tree": nodes_with_a_vector,
    "exam-scores-for-pieces": shape_of_scores,
    "exam-gradient-along-a-memory": slope_along_a_memory,
    "exam-step-of-a-gru": state_of_a_gru,
    "exam-parts-of-a-shared-gradient": slope_of_a_shared_weight,
    "exam-accuracy-behind-padding": accuracy_on_real_steps,
}
