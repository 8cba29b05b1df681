"""Runs in a clean sandbox: return the share of steps at which the network is right about the lamp."""

import numpy as np


def score(Wx, Wh, b, Wy, c, x, lit):
    h, right = np.zeros((len(x), len(b))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        right.append(((h @ Wy + c)[:, 0] > 0) == (lit[:, t] > 0.5))
    return float(np.mean(right))
