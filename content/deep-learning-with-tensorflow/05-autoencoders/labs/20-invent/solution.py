# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, _), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes
SIZE = 8  # numbers in a code

# %% [markdown]
# Half of the logarithm of the variance is the logarithm of $s$.

# %%
def noisy_code(m, log_variance, noise):
    return m + tf.exp(log_variance / 2) * noise

# %% [markdown]
# `axis=1` adds up the entries of a code and leaves one number per image.

# %%
def divergence(m, log_variance):
    return tf.reduce_sum(m**2 + tf.exp(log_variance) - 1 - log_variance, axis=1) / 2

# %% [markdown]
# Without clipping, one black pixel on white paper could cost infinitely much.

# %%
def pixel_cost(x, seen):
    seen = tf.clip_by_value(seen, 1e-6, 1 - 1e-6)
    return -tf.reduce_sum(
        x * tf.math.log(seen) + (1 - x) * tf.math.log(1 - seen), axis=1
    )

# %%
def encoder_and_decoder():
    layers = tf.keras.layers
    encoder = [
        tf.keras.Input((784,)),
        layers.Dense(256, activation="relu"),
        layers.Dense(2 * SIZE),
    ]
    decoder = [
        tf.keras.Input((SIZE,)),
        layers.Dense(256, activation="relu"),
        layers.Dense(784, activation="sigmoid"),
    ]
    return tf.keras.Sequential(encoder), tf.keras.Sequential(decoder)

# %% [markdown]
# Both parts are added before the mean is taken. A factor on one of them would be a different model.

# %%
def loss_of(encoder, decoder, x):
    m, log_variance = tf.split(encoder(x), 2, axis=1)
    seen = decoder(noisy_code(m, log_variance, tf.random.normal(tf.shape(m))))
    return tf.reduce_mean(pixel_cost(x, seen) + divergence(m, log_variance))


def loss_with(weights, x):
    """Return the loss of a pair with these eight arrays. The test calls this."""
    encoder, decoder = encoder_and_decoder()
    encoder.set_weights(weights[:4])
    decoder.set_weights(weights[4:])
    return loss_of(encoder, decoder, x)


def train_pair(images, epochs=12):
    encoder, decoder = encoder_and_decoder()
    weights = encoder.trainable_variables + decoder.trainable_variables
    adam = tf.keras.optimizers.Adam(3e-3)
    adam.build(weights)

    @tf.function
    def step(x):
        with tf.GradientTape() as tape:
            loss = loss_of(encoder, decoder, x)
        adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss

    rows = tf.data.Dataset.from_tensor_slices(images / np.float32(255))
    batches = rows.shuffle(8500, seed=1).batch(200)
    for epoch in range(epochs):
        losses = [step(batch) for batch in batches]
        progress(epoch + 1, epochs, loss=np.mean(losses))
    return encoder, decoder


def trained_weights(images):
    tf.keras.utils.set_random_seed(9)
    encoder, decoder = train_pair(images, epochs=6)
    return [*encoder.get_weights(), *decoder.get_weights()]

# %% [markdown]
# `np.linspace` also accepts arrays.

# %%
def walk(start, end, steps):
    return np.linspace(start, end, steps)

# %%
tf.keras.utils.set_random_seed(9)
encoder, decoder = train_pair(train)

drawn = decoder(tf.random.stateless_normal([30, SIZE], seed=[1, 2])).numpy()
seven, zero = (int(np.argmax(test_labels == digit)) for digit in (7, 0))
ends = encoder(test[[seven, zero]] / np.float32(255))[:, :SIZE].numpy()
walked = decoder(np.float32(walk(ends[0], ends[1], 10))).numpy()

rows = [*drawn.reshape(3, 10, 784), walked[:10]]
strips = [np.hstack(row.reshape(-1, 28, 28)) for row in rows]
plt.figure(figsize=(10, 4.4))
plt.imshow(np.vstack(strips), cmap="gray_r", vmin=0, vmax=1)
plt.axis("off")
plt.show()
