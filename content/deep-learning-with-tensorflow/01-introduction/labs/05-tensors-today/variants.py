"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: tf.while_loop
def doublings(start, limit):
    value, count = tf.while_loop(
        lambda value, count: value < limit,
        lambda value, count: (value * 2, count + 1),
        (tf.cast(start, tf.float32), tf.constant(0)),
    )
    return count


# %% wrong: a loop over NumPy's numbers, which no graph can hold
# fails: The loop doubles as often as needed
def doublings(start, limit):
    value, count = np.float32(start), 0
    while value < np.float32(limit):
        value, count = value * 2, count + 1
    return count


# %% wrong: every prediction is compared with every target
# fails: The loss compares each prediction with its own target
def loss(predictions, targets):
    return tf.reduce_mean(tf.square(predictions - targets))
