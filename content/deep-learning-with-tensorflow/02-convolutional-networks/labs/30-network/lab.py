# %% [markdown]
# This is a smaller version of the network in the lesson [Convolutional network](lesson:convolutional-network). It has
# half as many kernels and an eighth of the dense units, so it trains faster. You write two of its layers by hand,
# build it in Keras, train it, and look inside. The number to beat is 95.4 %, the accuracy of the *nearest neighbor* from
# [The MNIST database](lesson:mnist), which needs no training.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train_images, train_labels), (test_images, test_labels) = mnist()


def prepared(images):
    """Turn bytes [n, 28, 28] into floats from 0 to 1, with an axis for the channel."""
    return images[..., None].astype("float32") / 255

# %% [markdown]
# **1. One convolutional layer by hand.** `feature_maps(images, kernels, bias)` should return
# $\mathrm{ReLU}(\mathrm{conv}(x, k) + b)$ with padding `SAME` and stride 1. The images have four axes (batch, height,
# width, channels), the kernels have the axes `[height, width, channels in, channels out]`, and the bias has one
# number for each kernel.

# %%
def feature_maps(images, kernels, bias):
    return tf.zeros([*images.shape[:3], len(bias)])  # TODO: your code here

# %% [markdown]
# **2. Dropout by hand.** `dropped(a, draws, keep)` should return the activations `a` after dropout. `draws` has the
# shape of `a` and contains random numbers between 0 and 1. Where a number is below `keep`, the activation stays and
# is divided by `keep`; elsewhere, it becomes 0. This keeps the expected value the same, whatever `keep` is.

# %%
def dropped(a, draws, keep):
    return a  # drops nothing; TODO: your code here

# %% [markdown]
# **3. The network.** `network()` should return a Keras model with these layers. The last layer returns *scores*,
# because the loss contains the softmax.
#
# | layer | output shape |
# |---|---|
# | 16 kernels of 5 × 5, same, ReLU | 28, 28, 16 |
# | max pooling 2 × 2 | 14, 14, 16 |
# | 32 kernels of 5 × 5, same, ReLU | 14, 14, 32 |
# | max pooling 2 × 2 | 7, 7, 32 |
# | flatten | 1568 |
# | dense, ReLU | 128 |
# | dropout 0.5 | 128 |
# | dense | 10 |

# %%
def network():
    layers = tf.keras.layers
    # TODO: so far, this is softmax regression
    return tf.keras.Sequential(
        [tf.keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)]
    )

# %% [markdown]
# **4. Training.** `train(model, images, labels, epochs)` receives digits as bytes. It should compile the model with
# Adam at a learning rate of 0.002 and with the cross-entropy of scores (`SparseCategoricalCrossentropy` with
# `from_logits=True`; accuracy as a metric), fit it in batches of 50, and return the model. Keras reports each step
# automatically.
#
# The tests call `trained_weights(images, labels)` with 1,000 digits whose labels were permuted, so that only a
# network that learns them anew reads any of them. After three epochs, it must read 80 % of the test digits correctly.

# %%
def train(model, images, labels, epochs):
    return model  # TODO: your code here


def trained_weights(images, labels):
    tf.keras.utils.set_random_seed(7)
    return train(network(), images, labels, epochs=3).get_weights()

# %% [markdown]
# Now the full training: three epochs are 510 steps of 50 images. (The lesson's network took 1,100 steps with a
# learning rate of 0.0001. Try more epochs and other rates when everything else is done.) The tests take the weights of `model` as they are after your last run, and expect at least 95.5 % of the test
# digits to be correct. About 97 % is typical.

# %%
tf.keras.utils.set_random_seed(7)
model = train(network(), train_images, train_labels, epochs=3)

answers = np.argmax(
    model.predict(prepared(test_images), batch_size=500, verbose=0), axis=1
)
print(f"{np.mean(answers == test_labels):.3f} of the test digits")

# %% [markdown]
# **5. Kernels as one picture.** `tiled(kernels, columns)` receives kernels with one channel, `[h, w, 1, n]`, and
# should return a picture with $n / \mathrm{columns}$ rows of `columns` tiles. A tile is a kernel with a row of zeros
# **below** it and a column of zeros **to its right**, which separate it from the next. So 16 kernels of 5 × 5 in 8
# columns make a picture of 12 × 48. Kernel 0 is at the upper left, and kernel 1 is to its right.

# %%
def tiled(kernels, columns):
    h, w, _, n = kernels.shape
    return np.zeros(((h + 1) * n // columns, (w + 1) * columns))  # TODO: your code here

# %% [markdown]
# The last two cells show nothing until your network has its convolutional layers. Then you see the 16 kernels. A few
# have a bright side and a dark side, but most look nearly random; for digits, that is enough. Below them, your tiles
# show how both layers respond to one digit. In the first layer, you still recognize it in outlines and shadows. In the
# second, only patches are left, and most of the values are 0. In the lesson's larger network, the 32 kernels look like
# this after 1,100 steps:
#
# ![Thirty-two small grids of five by five cells, positive weights in blue and negative ones in orange. Some have a blue side and an orange side or a stripe; most look nearly random.](../../figures/learnt-kernels.svg)

# %%
weights = model.get_weights()
if len(weights) == 8:
    plt.figure(figsize=(8, 4))
    plt.imshow(tiled(weights[0], 8), cmap="gray")
    plt.title("16 kernels of the first layer")
    plt.axis("off")
    plt.show()

# %%
if len(weights) == 8:
    first = feature_maps(prepared(test_images[:1]), weights[0], weights[1])
    pooled = tf.nn.max_pool2d(first, 2, 2, "SAME")
    second = feature_maps(pooled, weights[2], weights[3])
    for name, maps in (("first", first), ("second", second)):
        plt.figure(figsize=(8, 4))
        plt.imshow(tiled(np.transpose(maps, (1, 2, 0, 3)), 8), cmap="gray")
        plt.title(f"{name} layer, one digit")
        plt.axis("off")
        plt.show()
        print(f"{name} layer: {np.mean(maps == 0):.2f} of the activations are zero")
