# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, _), (test, _) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes
x, t = train / np.float32(255), test / np.float32(255)


def show(*rows):
    strips = [np.hstack(np.reshape(row[:8], (-1, 28, 28))) for row in rows]
    plt.figure(figsize=(9, 1.2 * len(rows)))
    plt.imshow(np.vstack(strips), cmap="gray_r", vmin=0, vmax=1)
    plt.axis("off")
    plt.show()


show(t)

# %% [markdown]
# The same matrix leads down, transposed. There are two biases, because they have different lengths.

# %%
def rebuilt_tied(x, W, b, c):
    code = tf.nn.relu(x @ W + b)
    return tf.sigmoid(code @ tf.transpose(W) + c)

# %%
def kept_variance(x, rebuilt):
    return 1 - np.sum((x - rebuilt) ** 2) / np.sum((x - x.mean(axis=0)) ** 2)

# %%
def damaged(images, draws, share):
    return np.where(draws < share, 0, images)

# %%
def network():
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            tf.keras.Input((784,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(32),
            layers.Dense(256, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
        ]
    )


def applied(weights, images):
    net = network()
    net.set_weights(weights)
    return net(images).numpy()

# %% [markdown]
# The input and the target are the same images.

# %%
def train_autoencoder(images):
    x = images / np.float32(255)
    net = network()
    net.compile(tf.keras.optimizers.Adam(3e-3), "mse")
    net.fit(x, x, batch_size=200, epochs=8, verbose=0)
    return net.get_weights()

# %% [markdown]
# Each call of `fit` continues where the last one stopped, with new damage.

# %%
def train_denoiser(images):
    x, random = images / np.float32(255), np.random.default_rng(4)
    net = network()
    net.compile(tf.keras.optimizers.Adam(3e-3), "mse")
    for epoch in range(8):
        broken = damaged(x, random.random(x.shape), 0.5)
        net.fit(broken, x, batch_size=200, verbose=0)
    return net.get_weights()

# %%
compressed = applied(train_autoencoder(train), t)
print(f"kept variance: {float(kept_variance(t, compressed)):.3f}")
show(t, compressed)

broken = damaged(t, np.random.default_rng(1).random(t.shape), 0.5)
cleaned = applied(train_denoiser(train), broken)
before, after = np.mean((t - broken) ** 2), np.mean((t - cleaned) ** 2)
print(f"error before {before:.4f}, after {after:.4f}")
show(broken, cleaned)
