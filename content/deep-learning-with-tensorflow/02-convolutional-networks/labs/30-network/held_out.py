"""Return the share of unseen digits that the required network classifies correctly. Runs in a clean sandbox."""

import numpy as np
import tensorflow as tf

SHAPES = [(5, 5, 1, 16), (16,), (5, 5, 16, 32), (32,), (1568, 128), (128,), (128, 10), (10,)]


def score(*arrays):
    *weights, images, labels = arrays
    if len(weights) == 1:
        weights = weights[0]
    if [each.shape for each in weights] != SHAPES:
        raise ValueError("another network")
    halves = np.array_split(images[..., None] / np.float32(255), 6)
    found = np.concatenate([np.argmax(scores(x, *weights), axis=1) for x in halves])
    return float(np.mean(found == labels))


def scores(x, kernels1, bias1, kernels2, bias2, dense, dense_bias, last, last_bias):
    for kernels, bias in ((kernels1, bias1), (kernels2, bias2)):
        x = tf.nn.max_pool2d(tf.nn.relu(tf.nn.conv2d(x, kernels, 1, "SAME") + bias), 2, 2, "SAME")
    hidden = tf.nn.relu(tf.reshape(x, [-1, 1568]) @ dense + dense_bias)
    return hidden @ last + last_bias
