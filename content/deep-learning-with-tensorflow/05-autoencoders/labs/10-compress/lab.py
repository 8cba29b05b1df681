# %% [markdown]
# You build two autoencoders: one that gets a digit through 32 numbers, and one that repairs digits of which half the pixels are gone. The lesson
# [Autoencoders with TensorFlow](lesson:autoencoders-in-tensorflow) shows both. The number to beat is PCA with 32 axes, which keeps 0.744 of the variance of the test
# digits; your network shall keep at least 0.76.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, _), (test, _) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes
x, t = train / np.float32(255), test / np.float32(255)


def show(*rows):
    figure, places = plt.subplots(
        len(rows), 8, figsize=(9, 1.2 * len(rows)), squeeze=False
    )
    for line, images in zip(places, rows):
        for place, image in zip(line, images):
            place.imshow(np.reshape(image, (28, 28)), cmap="gray_r", vmin=0, vmax=1)
            place.axis("off")
    plt.show()


show(t)

# %% [markdown]
# **1. By hand, with tied weights.** `rebuilt_tied(x, W, b, c)` is an autoencoder of one layer each way: the code is $\mathrm{ReLU}(x W + b)$, and the output $\sigma(z W^{\mathsf T} + c)$ with the sigmoid $\sigma$. Each
# row of $x$ is an input.

# %%
def rebuilt_tied(x, W, b, c):
    return x  # a wire; yours to write

# %% [markdown]
# **2. What is kept.** `kept_variance(x, rebuilt)` returns $1 - \frac{\sum (x - \hat{x})^2}{\sum (x - \bar{x})^2}$, where $\hat{x}$ is `rebuilt`, $\bar{x}$ the mean of the rows of $x$, and both sums go over all rows and
# columns. It is 1 for a perfect copy and 0 for whoever always shows the mean.

# %%
def kept_variance(x, rebuilt):
    return 0.0  # yours to write

# %% [markdown]
# **3. The damage.** `damaged(images, draws, share)` sets each pixel to 0 where its draw is below `share`, and leaves it as it is elsewhere. `draws` has the shape of the images and holds numbers drawn evenly between 0 and 1.

# %%
def damaged(images, draws, share):
    return images  # yours to write

# %% [markdown]
# **The network**, for both tasks: 784 → 256 (ReLU) → 32 (no activation) → 256 (ReLU) → 784 (sigmoid). It is written for you, and so is a way to apply a list of its eight arrays to images.

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
# **4. Compress.** `train_autoencoder(images)` gets rows of *bytes*, trains a network to rebuild them (scaled to 0…1), and returns `get_weights()`. Adam at 0.003, mean squared error, batches of 200 and eight
# epochs are enough.
#
# The tests call it with digits whose pixels were *mixed up* in an order of their own. To your network that is all the same, as the lesson [Introduction](lesson:seeing-networks) of module 2 shows; but weights from elsewhere rebuild
# nothing.

# %%
def train_autoencoder(images):
    return network().get_weights()  # untrained; yours to write

# %% [markdown]
# **5. Clean.** `train_denoiser(images)` does the same, except that half of the pixels of the *input* are damaged, and the target is whole. Fresh damage in each epoch is best: call `fit` once per epoch. The tests
# damage half of the pixels of unseen digits and measure which share of that error is gone after your network; they ask for 0.5. A plain autoencoder reaches about 0.33.

# %%
def train_denoiser(images):
    return network().get_weights()  # untrained; yours to write

# %% [markdown]
# Run the cell. Below the digits you see what 32 numbers keep of them: the same digits, a little softer. Then the damaged ones and the cleaned ones; the thin strokes come back, and here and there a digit becomes
# another, where the damage was too great. About 0.82 is what you may expect at first, and then an error that falls from 0.056 to about 0.021; the untrained network keeps less than nothing.
#
# ![Two rows of five digits: above with half of the pixels missing, below whole again.](../../figures/cleaned-digits.svg)

# %%
compressed = applied(train_autoencoder(train), t)
print(f"kept variance: {float(kept_variance(t, compressed)):.3f}")
show(t, compressed)

spoilt = damaged(t, np.random.default_rng(1).random(t.shape), 0.5)
cleaned = applied(train_denoiser(train), spoilt)
before, after = np.mean((t - spoilt) ** 2), np.mean((t - cleaned) ** 2)
print(f"error before {before:.4f}, after {after:.4f}")
show(spoilt, cleaned)
