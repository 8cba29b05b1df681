"""Return how much of the variance the line explains (R²). Runs in a clean sandbox."""

import tensorflow as tf


def score(slope, intercept, x, y):
    missed = tf.reduce_sum(tf.square(y - (slope * x + intercept)))
    return float(1 - missed / tf.reduce_sum(tf.square(y - tf.reduce_mean(y))))
