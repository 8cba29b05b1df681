"""Runs in a clean sandbox: return the baseline's perplexity divided by the network's, on pieces of 40 letters."""

import numpy as np

STEPS = 40


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def score(*arrays):
    *weights, codes, baseline = arrays
    return float(baseline / perplexity(*(weights[0] if len(weights) == 1 else weights), codes))


def perplexity(rows, W, U, b, Wy, by, codes):
    count = (len(codes) - 1) // STEPS
    x = codes[: count * STEPS].reshape(count, STEPS).astype(int)
    y = codes[1 : count * STEPS + 1].reshape(count, STEPS).astype(int)
    h = c = np.zeros((count, len(U)))
    costs = []
    for t in range(STEPS):
        i, f, g, o = np.split(rows[x[:, t]] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        z = h @ Wy + by
        z = z - z.max(axis=1, keepdims=True)
        costs.append(np.log(np.exp(z).sum(axis=1)) - z[np.arange(count), y[:, t]])
    return np.exp(np.mean(costs))
