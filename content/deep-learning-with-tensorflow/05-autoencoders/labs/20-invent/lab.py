# %% [markdown]
# In this lab you build a variational autoencoder from its parts: the code with noise, the divergence, the reconstruction
# loss, and the training. At the end, your network generates digits that nobody wrote. The lesson [Autoencoders with
# TensorFlow](lesson:autoencoders-in-tensorflow) has the formulas, in the section on variational autoencoders.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, _), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes
SIZE = 8  # numbers in a code

# %% [markdown]
# **1. The code.** `noisy_code(m, log_variance, noise)` returns $z = m + s \, \varepsilon$, where $s = e^{\ell / 2}$, $\ell$ is the
# logarithm of the variance, and $\varepsilon$ is the `noise`, which is an input.

# %%
def noisy_code(m, log_variance, noise):
    return m  # no noise; TODO: your code here

# %% [markdown]
# **2. The divergence.** `divergence(m, log_variance)` returns one number for each row:
# $\frac{1}{2} \sum_j (m_j^2 + e^{\ell_j} - 1 - \ell_j)$. It is 0 for a code that says nothing about the image, with $m = 0$
# and $\ell = 0$.

# %%
def divergence(m, log_variance):
    return tf.zeros(len(m))  # TODO: your code here

# %% [markdown]
# **3. The reconstruction loss.** `pixel_cost(x, seen)` returns one number for each row:
# $-\sum_p (x_p \ln \hat{x}_p + (1 - x_p) \ln (1 - \hat{x}_p))$, where $\hat{x}$ is `seen`, the output of the decoder. It is
# a sum, not a mean. A decoder sometimes outputs exactly 0 or 1, and the logarithm of 0 is minus infinity. So first clip
# `seen` to $10^{-6} \dots 1 - 10^{-6}$ (`tf.clip_by_value`).

# %%
def pixel_cost(x, seen):
    return tf.zeros(len(x))  # TODO: your code here

# %% [markdown]
# **The network** is written for you. The encoder outputs 16 numbers, 8 for $m$ and 8 for $\ell$; `tf.split(…, 2, axis=1)`
# separates them.

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
# **4. The loss.** `loss_of(encoder, decoder, x)` returns the mean over the rows of the reconstruction loss *plus* the
# divergence. Sample the noise with `tf.random.normal(tf.shape(m))`. `train_pair` gets rows of bytes and minimizes this loss;
# it is written for you, as is `loss_with`, with which a test computes your loss for weights of its own.
#
# `trained_weights` is for the tests. They shuffle the pixels of all digits, so that weights trained elsewhere are useless,
# train for six epochs, and compute the loss on unseen digits. The mean image alone has a loss of about 207. Your loss must
# be at least 25 % lower; expect about 34 %.

# %%
def loss_of(encoder, decoder, x):
    return None  # TODO: your code here


def loss_with(weights, x):
    """Return the loss of a pair with these eight arrays. The test calls this."""
    encoder, decoder = encoder_and_decoder()
    encoder.set_weights(weights[:4])
    decoder.set_weights(weights[4:])
    return loss_of(encoder, decoder, x)


def train_pair(images, epochs=12):
    encoder, decoder = encoder_and_decoder()
    if loss_of(encoder, decoder, tf.zeros([1, 784])) is None:
        return encoder, decoder  # nothing to minimize yet
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
# **5. A walk.** `walk(start, end, steps)` returns `steps` codes, one per row, evenly spaced on the straight line from
# `start` to `end`, both included.

# %%
def walk(start, end, steps):
    return np.tile(start, (steps, 1))  # does not move; TODO: your code here

# %% [markdown]
# Run the cell. The first three rows are thirty generated digits. Most can be read, and some are between two digits. The last
# row is a walk between the codes of two test digits: each picture is a shape that the network considers possible. If you
# faded one image into the other instead, you would see both at once. With a code of only two numbers, you can even walk over
# the whole plane:
#
# ![Twenty-five digits in a square. Neighbors resemble each other: ones down the left side, sixes at the top, zeros down the right side, threes in the middle, sevens and nines along the bottom.](../../figures/imagined-digits.svg)

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
