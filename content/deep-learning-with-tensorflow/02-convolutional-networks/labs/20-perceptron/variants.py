"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: TensorFlow's one-hot vectors and logarithm of the softmax
def one_hot(labels):
    return tf.one_hot(labels, 10)


def softmax(z):
    return tf.nn.softmax(z)


# %% wrong: powers that overflow
# fails: Softmax, also for large scores
def softmax(z):
    powers = tf.exp(z)
    return powers / tf.reduce_sum(powers, axis=1, keepdims=True)


# %% wrong: the mean over all entries
# fails: The mean cross-entropy
def cross_entropy(y, p):
    return -tf.reduce_mean(y * tf.math.log(p + 1e-12))
