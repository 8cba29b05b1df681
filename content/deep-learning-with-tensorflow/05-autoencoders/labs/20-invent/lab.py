# %% [markdown]
# A variational autoencoder from its parts: the code with noise, the price of the code, the price of the pixels, and the training. At the end your network draws digits
# that nobody wrote. The formulas stand in [Autoencoders with TensorFlow](lesson:autoencoders-in-tensorflow), section “Variational”.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, _), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes
SIZE = 8  # numbers in a code

# %% [markdown]
# **1. The code.** `noisy_code(m, log_variance, noise)` returns $z = m + s \, \varepsilon$, where $s = e^{v / 2}$, $v$ is the logarithm of the variance, and $\varepsilon$ is the `noise`, which comes from outside.

# %%
def noisy_code(m, log_variance, noise):
    return m  # no noise; yours to write

# %% [markdown]
# **2. The price of the code.** `divergence(m, log_variance)` returns one number for each row: $\frac{1}{2} \sum_j (m_j^2 + e^{v_j} - 1 - v_j)$. It is 0 for a code that says nothing, $m = 0$ and $v = 0$.

# %%
def divergence(m, log_variance):
    return tf.zeros(len(m))  # yours to write

# %% [markdown]
# **3. The price of the pixels.** `pixel_cost(x, seen)` returns one number for each row: $-\sum_p (x_p \ln \hat{x}_p + (1 - x_p) \ln (1 - \hat{x}_p))$, where $\hat{x}$ is `seen`. A sum, not a mean. Decoders sometimes say exactly 0 or 1, and the logarithm
# of 0 is no number: clip `seen` to $10^{-6} \dots 1 - 10^{-6}$ first (`tf.clip_by_value`).

# %%
def pixel_cost(x, seen):
    return tf.zeros(len(x))  # yours to write

# %% [markdown]
# **The network** is written for you. The encoder gives 16 numbers, 8 for $m$ and 8 for $v$; `tf.split(…, 2, axis=1)` takes them apart.

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
# **4. The loss.** `loss_of(encoder, decoder, x)` returns the mean over the rows of *both* prices together. Draw the noise with `tf.random.normal(tf.shape(m))`. `train_pair` gets rows of bytes and descends on it; that is written
# for you.
#
# `trained_weights` is for the tests: they mix up the pixels of all digits, so that weights from elsewhere are worth nothing, train for six epochs, and let you pay for unseen digits. The mean image pays about 207 for each; your price has to
# be lower by a share of 0.25. About 0.34 is what you may expect.

# %%
def loss_of(encoder, decoder, x):
    return None  # yours to write


def train_pair(images, epochs=12):
    encoder, decoder = encoder_and_decoder()
    if loss_of(encoder, decoder, tf.zeros([1, 784])) is None:
        return encoder, decoder  # nothing to descend on yet
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
# **5. A walk.** `walk(start, end, steps)` returns `steps` codes on the straight line from `start` to `end`, both included, one in each row.

# %%
def walk(start, end, steps):
    return np.tile(start, (steps, 1))  # stays where it is; yours to write

# %% [markdown]
# Run the cell. Above stand thirty invented digits; most can be read, some are between two digits. Below, a walk between the codes of two test digits: each picture is a shape
# that the network holds for possible. Two images faded into each other would show both at once instead. With a code of two numbers only, one can even walk over the whole plane:
#
# ![Thirty-six digits in a square. Neighbours resemble each other: ones along the upper edge, nines down the left side, zeros in the lower right corner.](../../figures/imagined-digits.svg)

# %%
tf.keras.utils.set_random_seed(9)
encoder, decoder = train_pair(train)

drawn = decoder(tf.random.stateless_normal([30, SIZE], seed=[1, 2])).numpy()
seven, zero = (int(np.argmax(test_labels == digit)) for digit in (7, 0))
ends = encoder(test[[seven, zero]] / np.float32(255))[:, :SIZE].numpy()
walked = decoder(np.float32(walk(ends[0], ends[1], 10))).numpy()

figure, places = plt.subplots(4, 10, figsize=(10, 4.4))
for place, image in zip(places.flat, [*drawn, *walked]):
    place.imshow(image.reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
    place.axis("off")
plt.show()
