"""Right solutions that must pass every test, and wrong ones that must fail the tests named."""

# %% right: the standard deviation as a root
def noisy_code(m, log_variance, noise):
    return m + tf.sqrt(tf.exp(log_variance)) * noise


# %% wrong: the divergence counts three times
# fails: The loss adds both parts, each once
def loss_of(encoder, decoder, x):
    m, log_variance = tf.split(encoder(x), 2, axis=1)
    seen = decoder(noisy_code(m, log_variance, tf.random.normal(tf.shape(m))))
    return tf.reduce_mean(pixel_cost(x, seen) + 3 * divergence(m, log_variance))


# %% wrong: the divergence counts for a third
# fails: The loss adds both parts, each once
def loss_of(encoder, decoder, x):
    m, log_variance = tf.split(encoder(x), 2, axis=1)
    seen = decoder(noisy_code(m, log_variance, tf.random.normal(tf.shape(m))))
    return tf.reduce_mean(pixel_cost(x, seen) + divergence(m, log_variance) / 3)
