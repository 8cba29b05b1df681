"""Runs in a clean sandbox: the share of unseen digits that three sigmoid layers and one of ten classify correctly."""

import numpy as np

SHAPES = [(784, 256), (256,), (256, 256), (256,), (256, 256), (256,), (256, 10), (10,)]


def score(*arrays):
    *weights, images, labels = arrays
    if [each.shape for each in weights] != SHAPES:
        raise ValueError("another network")
    x = images / np.float32(255)
    for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        x = 1 / (1 + np.exp(-(x @ W + b)))
    found = np.argmax(x @ weights[-2] + weights[-1], axis=1)
    return float(np.mean(found == labels))
