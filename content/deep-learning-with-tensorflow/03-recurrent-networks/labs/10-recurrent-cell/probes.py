"""Test step, loop and gradient with new weights, and a network trained on a switch that other symbols control.

The two symbols are drawn at random, so weights that were trained on the lab's own switch do no better than chance.
"""

import numpy as np

from labs.runner.judge.authoring import Call, HeldOut, NearMiss

SYMBOLS = 5


def weights(rng):
    inputs, units = rng.integers(2, 5), rng.integers(2, 6)
    drawn = rng.normal(size=(inputs, units)), 0.7 * rng.normal(size=(units, units)), rng.normal(size=units)
    return tuple(each.astype("float32") for each in drawn)


def one_step(rng):
    Wx, Wh, b = weights(rng)
    x, h = rng.normal(size=(3, len(Wx))), rng.uniform(-1, 1, (3, len(b)))
    return x.astype("float32"), h.astype("float32"), Wx, Wh, b


def sequences(rng):
    Wx, Wh, b = weights(rng)
    return rng.normal(size=(2, rng.integers(3, 9), len(Wx))).astype("float32"), Wx, Wh, b


def next_state(x, h, Wx, Wh, b):
    return np.tanh(x.astype(float) @ Wx + h @ Wh + b)


def all_states(x, Wx, Wh, b):
    h, states = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = next_state(x[:, t], h, Wx, Wh, b)
        states.append(h)
    return np.stack(states, axis=1)


def states_and_weights(rng):
    x, Wx, Wh, b = sequences(rng)
    return all_states(x, Wx, Wh, b)[0], Wh.astype(float)


def lengths_back(states, Wh):
    gradient, found = np.ones(states.shape[1]), []
    for h in states[::-1]:
        gradient = gradient * (1 - h**2)
        found.append(np.sqrt((gradient**2).sum()))
        gradient = Wh @ gradient
    return found


def switched(rng, on, off, count, steps):
    drawn = rng.integers(0, SYMBOLS, (count, steps))
    lit, lamp = np.zeros((count, steps), "float32"), np.zeros(count)
    for t in range(steps):
        lamp = np.where(drawn[:, t] == on, 1, np.where(drawn[:, t] == off, 0, lamp))
        lit[:, t] = lamp
    return np.eye(SYMBOLS, dtype="float32")[drawn], lit


def another_switch(rng):
    """Draw two symbols that do nothing in the lab, or the lab's own two exchanged."""
    pairs = [(2, 3), (3, 4), (4, 2), (1, 0)]
    on, off = pairs[rng.integers(len(pairs))]
    return switched(rng, on, off, 1000, 12), switched(rng, on, off, 300, 20)


PROBES = [
    Call(
        name="One step of the cell",
        points=2,
        function="step",
        draw=one_step,
        reference=next_state,
        tolerance=1e-4,
        message="step(x, h, Wx, Wh, b) returns tanh(x Wx + h Wh + b), one row per sequence of the batch.",
        near_misses=[
            NearMiss("Your step has no bias.", lambda x, h, Wx, Wh, b: next_state(x, h, Wx, Wh, 0)),
            NearMiss(
                "Your step leaves out the previous state.",
                lambda x, h, Wx, Wh, b: next_state(x, 0 * h, Wx, Wh, b),
            ),
            NearMiss("Your step has no tanh.", lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh + b),
            NearMiss("You transposed the state weights.", lambda x, h, Wx, Wh, b: next_state(x, h, Wx, Wh.T, b)),
        ],
    ),
    Call(
        name="All states of a batch of sequences",
        points=2,
        function="unroll",
        draw=sequences,
        reference=all_states,
        tolerance=1e-3,
        message="unroll(x, Wx, Wh, b) starts with a state of zeros and returns the states after all steps, [batch, steps, units].",
        near_misses=[
            NearMiss("You returned only the last state.", lambda *given: all_states(*given)[:, -1]),
            NearMiss(
                "Your states begin with the zeros before the first step.",
                lambda *given: np.pad(all_states(*given), [(0, 0), (1, 0), (0, 0)])[:, :-1],
            ),
            NearMiss("Your axes are [steps, batch, units].", lambda *given: all_states(*given).swapaxes(0, 1)),
            NearMiss("Each of your steps starts from zeros.", lambda x, Wx, Wh, b: all_states(x, Wx, 0 * Wh, b)),
        ],
    ),
    Call(
        name="The backward pass of the gradient",
        points=2,
        function="lengths",
        draw=states_and_weights,
        reference=lengths_back,
        tolerance=1e-3,
        message="lengths(states, Wh) returns the length of the gradient after each derivative of tanh, starting with the last state.",
        near_misses=[
            NearMiss(
                "You returned the length of the first state first.",
                lambda states, Wh: lengths_back(states, Wh)[::-1],
            ),
            NearMiss("You left out the derivative of tanh.", lambda states, Wh: lengths_back(0 * states, Wh)),
            NearMiss("You transposed the state weights.", lambda states, Wh: lengths_back(states, Wh.T)),
            NearMiss(
                "You went through the states from the first to the last.",
                lambda states, Wh: lengths_back(states[::-1], Wh),
            ),
        ],
    ),
    HeldOut(
        name="A network trained on another switch keeps its state",
        points=4,
        function="train",
        data=another_switch,
        evaluator="held_out.py",
        at_least=0.97,
        message="train(x, lit) trains on the sequences that it receives and returns the five arrays of weights.",
    ),
]
