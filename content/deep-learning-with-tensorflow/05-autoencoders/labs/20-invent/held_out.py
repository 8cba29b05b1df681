"""Runs in a clean sandbox: how much lower the loss on unseen digits is than the loss of the mean image, as a share."""

import numpy as np

SHAPES = [(784, 256), (256,), (256, 16), (16,), (8, 256), (256,), (256, 784), (784,)]


def score(*arrays):
    *weights, images, noise, worst = arrays
    if len(weights) == 1:
        weights = weights[0]
    if [each.shape for each in weights] != SHAPES:
        raise ValueError("another network")
    return float(1 - loss_of(images / np.float32(255), noise, *weights) / worst)


def loss_of(x, noise, W1, b1, W2, b2, W3, b3, W4, b4):
    m, log_variance = np.split(np.maximum(x @ W1 + b1, 0) @ W2 + b2, 2, axis=1)
    code = m + np.exp(log_variance / 2) * noise
    seen = 1 / (1 + np.exp(-(np.maximum(code @ W3 + b3, 0) @ W4 + b4)))
    seen = np.clip(seen, 1e-6, 1 - 1e-6)
    pixels = -np.sum(x * np.log(seen) + (1 - x) * np.log(1 - seen), axis=1)
    divergence = np.sum(m**2 + np.exp(log_variance) - 1 - log_variance, axis=1) / 2
    return np.mean(pixels + divergence)
