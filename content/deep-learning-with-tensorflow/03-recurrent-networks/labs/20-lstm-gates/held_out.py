"""Runs in a clean sandbox: return the share of sequences in which the network names the first sign."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def score(W, U, b, Wy, by, x, y):
    h = c = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return float(np.mean(((h @ Wy + by)[:, 0] > 0) == (y > 0.5)))
