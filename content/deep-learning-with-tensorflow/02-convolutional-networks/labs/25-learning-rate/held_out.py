"""Return the share of unseen digits that W1, b1, W2 and b2 classify correctly. Runs in a clean sandbox."""

import numpy as np


def score(W1, b1, W2, b2, images, labels):
    x = images.reshape(-1, 784) / np.float32(255)
    hidden = np.maximum(x @ W1.reshape(784, 128) + b1.reshape(128), 0)
    scores = hidden @ W2.reshape(128, 10) + b2.reshape(10)
    return float(np.mean(scores.argmax(axis=1) == labels))
