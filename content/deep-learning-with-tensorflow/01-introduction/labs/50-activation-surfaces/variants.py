"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the tape watches what the function gets
def slope(name, z):
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = functions[name](z)
    gradient = tape.gradient(value, z)
    return tf.zeros_like(z) if gradient is None else gradient


# %% wrong: a softplus that overflows
# fails: softplus, also of large scores
def softplus(z):
    return tf.math.log(1 + tf.exp(z))


# %% wrong: units that are silent once count as dead
# fails: The number of dead units
def dead_units(x, weights, bias):
    return np.sum(~np.all(x @ weights + bias > 0, axis=0))
