"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the logarithm of 1 + exp, written out
def free_energy(v, weights, visible, hidden):
    inputs = v @ weights + hidden
    parts = tf.maximum(inputs, 0) + tf.math.log1p(tf.exp(-tf.abs(inputs)))
    return -tf.linalg.matvec(v, visible) - tf.reduce_sum(parts, axis=1)


# %% wrong: probabilities are sent down instead of samples
# fails: A step of contrastive divergence
def contrastive_step(v0, uniform, weights, visible, hidden, rate):
    h0 = up(v0, weights, hidden)
    v1 = down(h0, weights, visible)
    h1 = up(v1, weights, hidden)
    together = tf.transpose(v0) @ h0 - tf.transpose(v1) @ h1
    return (
        weights + rate * together / tf.cast(tf.shape(v0)[0], tf.float32),
        visible + rate * tf.reduce_mean(v0 - v1, axis=0),
        hidden + rate * tf.reduce_mean(h0 - h1, axis=0),
    )


# %% wrong: the chain keeps probabilities of the hidden units
# fails: A Gibbs step
def gibbs_step(v, hidden_uniform, visible_uniform, weights, visible, hidden):
    h = up(v, weights, hidden)
    return draw(down(h, weights, visible), visible_uniform)
