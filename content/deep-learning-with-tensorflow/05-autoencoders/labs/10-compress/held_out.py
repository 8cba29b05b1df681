"""Runs in a clean sandbox: the share of the `worst` error that is gone when the network rebuilds `whole` from `given`."""

import numpy as np

SHAPES = [(784, 256), (256,), (256, 32), (32,), (32, 256), (256,), (256, 784), (784,)]


def score(*arrays):
    *weights, given, whole, worst = arrays
    if len(weights) == 1:
        weights = weights[0]
    if [each.shape for each in weights] != SHAPES:
        raise ValueError("another network")
    rebuilt = applied(given / np.float32(255), *weights)
    return float(1 - np.mean((rebuilt - whole / 255) ** 2) / worst)


def applied(x, W1, b1, W2, b2, W3, b3, W4, b4):
    code = np.maximum(x @ W1 + b1, 0) @ W2 + b2
    return 1 / (1 + np.exp(-(np.maximum(code @ W3 + b3, 0) @ W4 + b4)))
