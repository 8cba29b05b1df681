"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: TensorFlow's functions instead of Python's operators
total = tf.add(a, b)
layer = tf.nn.xw_plus_b(x, weights, bias)
gaps = tf.abs(tf.expand_dims(p, 1) - tf.expand_dims(q, 0))
count_up = tf.assign_add(counter, step)

# %% wrong: no run stores the sum
# fails: The counter continues from its last value
# fails: A second session has a separate counter
count_up = counter + step

# %% wrong: the gaps have signs
# fails: A table from two vectors
gaps = p[:, None] - q
