"""Runs in a clean sandbox: how much of the mean image's error the RBM removes when it rebuilds unseen images from sampled bits."""

import numpy as np

MOST_BITS = 64


def logistic(z):
    return 1 / (1 + np.exp(-np.clip(z, -60, 60)))


def score(weights, visible, hidden, images, mean):
    if weights.shape != (images.shape[1], MOST_BITS):
        return -1.0
    p = logistic(images @ weights + hidden)
    bits = (np.random.default_rng(5).random(p.shape) < p).astype("float32")
    missed = np.mean((images - logistic(bits @ weights.T + visible)) ** 2)
    return float(1 - missed / np.mean((images - mean) ** 2))
