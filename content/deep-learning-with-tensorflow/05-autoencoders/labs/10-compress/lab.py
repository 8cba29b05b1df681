# %% [markdown]
# In this lab you build two autoencoders: one that passes a digit through 32 numbers, and one that repairs digits with half
# of their pixels missing. The lesson [Autoencoders with TensorFlow](lesson:autoencoders-in-tensorflow) shows both. The
# baseline is PCA with 32 axes, which keeps 74.4 % of the variance of the test digits. Your network should keep at least 76
# %.

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
# **1. By hand, with tied weights.** `rebuilt_tied(x, W, b, c)` is an autoencoder with one layer in each direction. The code
# is $z = \mathrm{ReLU}(x W + b)$, and the output is $\sigma(z W^{\mathsf T} + c)$ with the sigmoid $\sigma$. Each row of $x$
# is an input.

# %%
def rebuilt_tied(x, W, b, c):
    return x  # a wire; TODO: your code here

# %% [markdown]
# **2. The variance kept.** `kept_variance(x, rebuilt)` returns $1 - \frac{\sum (x - \hat{x})^2}{\sum (x - \bar{x})^2}$,
# where $\hat{x}$ is `rebuilt` and $\bar{x}$ is the mean of the rows of $x$. Both sums run over all rows and columns. The
# result is 1 for a perfect copy, and 0 if every image is rebuilt as the mean.

# %%
def kept_variance(x, rebuilt):
    return 0.0  # TODO: your code here

# %% [markdown]
# **3. The damage.** `damaged(images, draws, share)` sets a pixel to 0 if its random number in `draws` is below `share`, and
# keeps it otherwise. `draws` has the shape of the images and holds numbers that are uniform between 0 and 1.

# %%
def damaged(images, draws, share):
    return images  # TODO: your code here

# %% [markdown]
# **The network** for both tasks is 784 → 256 (ReLU) → 32 (no activation) → 256 (ReLU) → 784 (sigmoid). It is written for
# you, and so is a function that applies a list of its eight arrays to images.

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
# **4. Compress.** `train_autoencoder(images)` gets rows of *bytes*, trains a network to rebuild them (scaled to 0…1), and
# returns `get_weights()`. Adam, the mean squared error and batches of 200 are a good start. Find the learning rate and the
# number of epochs yourself: set 500 images of `train` aside as validation data, compare the errors on them, and write the
# best values into the function.
#
# The tests call it with digits whose pixels are *shuffled*, in the same order for all images. A dense network does not mind,
# as the [introduction](lesson:seeing-networks) of module 2 shows. But weights that were trained elsewhere are useless.

# %%
def train_autoencoder(images):
    return network().get_weights()  # untrained; TODO: your code here

# %% [markdown]
# **5. Clean.** `train_denoiser(images)` does the same, except that half of the pixels of the *input* are damaged; the target
# is the whole image. It is best to damage the images anew in each epoch, so call `fit` once per epoch. The tests damage half
# of the pixels of unseen digits and measure how much of that error your network removes: at least 50 % is required. A plain
# autoencoder removes about 33 %.

# %%
def train_denoiser(images):
    return network().get_weights()  # untrained; TODO: your code here

# %% [markdown]
# Run the cell. Below the digits you see what 32 numbers keep of them: the same digits, slightly blurred. Expect about 82 %
# of the variance. Then you see damaged digits and the cleaned ones. The thin strokes come back, and where the damage was too
# great, a digit may turn into another. Expect the error to fall from 0.056 to about 0.021. An untrained network makes it
# larger.
#
# ![Two rows of five digits: above with half of the pixels missing, below whole again.](../../figures/cleaned-digits.svg)

# %%
compressed = applied(train_autoencoder(train), t)
print(f"kept variance: {float(kept_variance(t, compressed)):.3f}")
show(t, compressed)

broken = damaged(t, np.random.default_rng(1).random(t.shape), 0.5)
cleaned = applied(train_denoiser(train), broken)
before, after = np.mean((t - broken) ** 2), np.mean((t - cleaned) ** 2)
print(f"error before {before:.4f}, after {after:.4f}")
show(broken, cleaned)
