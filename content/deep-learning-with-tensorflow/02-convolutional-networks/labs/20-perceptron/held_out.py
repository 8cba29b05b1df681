"""Return the share of unseen digits that W, b or W1, b1, W2, b2 classify correctly. Runs in a clean sandbox."""

import numpy as np


def score(*arrays):
    *weights, images, labels = arrays
    x = images.reshape(-1, 784) / np.float32(255)
    if len(weights) == 4:
        W1, b1, *weights = weights
        x = np.maximum(x @ W1 + b1.reshape(128), 0)
    W, b = weights
    scores = x @ W + b.reshape(10)
    return float(np.mean(scores.argmax(axis=1) == labels))
