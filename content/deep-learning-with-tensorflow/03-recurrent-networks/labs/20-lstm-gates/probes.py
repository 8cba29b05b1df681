"""Test gates, step and loop with new weights, two calculations, and an LSTM trained on signs that are encoded differently each time."""

import numpy as np

from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def weights(rng):
    inputs, units = rng.integers(2, 5), rng.integers(2, 6)
    drawn = rng.normal(size=(inputs, 4 * units)), rng.normal(size=(units, 4 * units)), rng.normal(size=4 * units)
    return tuple(each.astype("float32") for each in drawn)


def for_the_gates(rng):
    W, U, b = weights(rng)
    x, h = rng.normal(size=(3, len(W))), rng.uniform(-1, 1, (3, len(U)))
    return x.astype("float32"), h.astype("float32"), W, U, b


def for_a_step(rng):
    x, h, W, U, b = for_the_gates(rng)
    return x, h, (2 * rng.normal(size=h.shape)).astype("float32"), W, U, b


def for_the_loop(rng):
    W, U, b = weights(rng)
    return rng.normal(size=(2, rng.integers(3, 9), len(W))).astype("float32"), W, U, b


def four_sums(x, h, W, U, b):
    return np.stack(np.split(x.astype(float) @ W + h @ U + b, 4, axis=-1))


def four_gates(x, h, W, U, b):
    i, f, g, o = four_sums(x, h, W, U, b)
    return np.stack([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)])


def next_pair(x, h, c, W, U, b):
    i, f, g, o = four_gates(x, h, W, U, b)
    memory = f * c + i * g
    return np.stack([o * np.tanh(memory), memory])


def with_the_last_two_exchanged(*given):
    i, f, o, g = four_sums(*given)
    return np.stack([sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)])


def state_of_the_old_memory(x, h, c, W, U, b):
    return np.stack([four_gates(x, h, W, U, b)[3] * np.tanh(c), next_pair(x, h, c, W, U, b)[1]])


def state_without_tanh(x, h, c, W, U, b):
    memory = next_pair(x, h, c, W, U, b)[1]
    return np.stack([four_gates(x, h, W, U, b)[3] * memory, memory])


def gates_exchanged(x, h, c, W, U, b):
    i, f, g, o = four_gates(x, h, W, U, b)
    memory = i * c + f * g
    return np.stack([o * np.tanh(memory), memory])


def all_states(x, W, U, b):
    h = c = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h, c = next_pair(x[:, t], h, c, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)


def steps_and_share(rng):
    return int(rng.integers(5, 400)), float(rng.uniform(0.1, 0.95))


def bias_for(steps, share):
    gate = share ** (1 / steps)
    return np.log(gate / (1 - gate))


def signs(rng, count, answer, turn):
    first = rng.integers(0, 2, count)
    x = np.zeros((count, 60, 2))
    x[:, :, 0] = rng.normal(size=(count, 60))
    x[:, 0, 0], x[:, 0, 1] = 2 * first - 1, 1
    return (x @ turn).astype("float32"), (first == answer).astype("float32")


def turned_signs(rng):
    """Let 1 mean plus or minus, and rotate the features, so that weights from elsewhere do not find the mark."""
    answer, angle = rng.integers(0, 2), rng.uniform(0.3, 2 * np.pi - 0.3)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return signs(rng, 1000, answer, turn), signs(rng, 500, answer, turn)


PROBES = [
    Call(
        name="Four gates",
        points=2,
        function="gates",
        draw=for_the_gates,
        reference=four_gates,
        tolerance=1e-4,
        message="gates(x, h, W, U, b) returns i, f, g and o stacked: sigmoid, sigmoid, tanh and sigmoid of the four parts of x W + h U + b.",
        near_misses=[
            NearMiss("Your candidate has a sigmoid.", lambda *given: sigmoid(four_sums(*given))),
            NearMiss("Your gates have no bias.", lambda x, h, W, U, b: four_gates(x, h, W, U, 0 * b)),
            NearMiss("You took the parts in the order i, f, o, g.", with_the_last_two_exchanged),
            NearMiss(
                "Your candidate has no tanh.",
                lambda *given: np.concatenate([four_gates(*given)[:2], four_sums(*given)[2:3], four_gates(*given)[3:]]),
            ),
        ],
    ),
    Call(
        name="State and memory after one step",
        points=2,
        function="step",
        draw=for_a_step,
        reference=next_pair,
        tolerance=1e-3,
        message="step(x, h, c, W, U, b) returns the new state and the new memory, with the state first.",
        near_misses=[
            NearMiss("You returned the memory first.", lambda *given: next_pair(*given)[::-1]),
            NearMiss("You computed the state from the old memory.", state_of_the_old_memory),
            NearMiss("Your state has no tanh.", state_without_tanh),
            NearMiss("You exchanged the input gate and the forget gate.", gates_exchanged),
        ],
    ),
    Call(
        name="All states of a batch of sequences",
        points=1,
        function="unroll",
        draw=for_the_loop,
        reference=all_states,
        tolerance=1e-3,
        message="unroll(x, W, U, b) starts with zeros and returns the states after all steps, [batch, steps, units].",
        near_misses=[
            NearMiss("You returned only the last state.", lambda *given: all_states(*given)[:, -1]),
            NearMiss("Your axes are [steps, batch, units].", lambda *given: all_states(*given).swapaxes(0, 1)),
        ],
    ),
    Call(
        name="The number of parameters",
        points=1,
        function="parameters",
        draw=lambda rng: (int(rng.integers(1, 200)), int(rng.integers(1, 300))),
        reference=lambda inputs, units: 4 * (inputs * units + units * units + units),
        tolerance=0.5,
        message="parameters(inputs, units) counts the input weights, the state weights and the biases of all four gates.",
        near_misses=[
            NearMiss("You left out the biases.", lambda inputs, units: 4 * (inputs * units + units * units)),
            NearMiss("You counted one gate of the four.", lambda inputs, units: inputs * units + units * units + units),
            NearMiss("You left out the weights of the state.", lambda inputs, units: 4 * (inputs * units + units)),
        ],
    ),
    Call(
        name="A bias for a memory of any length",
        points=2,
        function="forget_bias",
        draw=steps_and_share,
        reference=bias_for,
        tolerance=1e-3,
        message="forget_bias(steps, share) solves σ(b)^steps = share for b.",
        near_misses=[
            NearMiss("You returned the gate, not its bias.", lambda steps, share: share ** (1 / steps)),
            NearMiss("Your bias is for a single step.", lambda steps, share: bias_for(1, share)),
            NearMiss("The sign is wrong.", lambda steps, share: -bias_for(steps, share)),
        ],
    ),
    HeldOut(
        name="A network that remembers over 60 steps of noise",
        points=4,
        function="train",
        data=turned_signs,
        evaluator="held_out.py",
        at_least=0.85,
        message="train(x, y) opens the forget gates, trains on the sequences that it receives, and returns the five arrays of weights.",
    ),
]
