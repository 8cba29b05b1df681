# %% [markdown]
# The network of the lesson [Convolutional network](lesson:convolutional-network): you write two of its layers by hand, build it in Keras, train it, and
# look inside. The number to beat is 0.954, what the *nearest neighbour* of [The MNIST database](lesson:mnist) reads of the test digits without any training.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train_images, train_labels), (test_images, test_labels) = mnist()


def prepared(images):
    """Bytes [n, 28, 28] become floats from 0 to 1 with an axis for the channel."""
    return images[..., None].astype("float32") / 255

# %% [markdown]
# **1. One convolutional layer by hand.** `feature_maps(images, kernels, bias)` returns $\mathrm{ReLU}(\mathrm{conv}(x, k) + b)$ with padding `SAME` and stride 1. The images have
# four axes (batch, height, width, channels), the kernels `[height, width, channels in, channels out]`, and the bias one number for each kernel.

# %%
def feature_maps(images, kernels, bias):
    return tf.zeros([*images.shape[:3], len(bias)])  # yours to write

# %% [markdown]
# **2. Dropout by hand.** `dropped(a, draws, keep)` returns the activations `a` after dropout. `draws` has the shape of `a` and holds numbers drawn evenly between 0 and 1. Where
# the draw is below `keep`, the activation stays and is divided by `keep`; elsewhere it becomes 0. The mean is then the same as before, whatever `keep` is.

# %%
def dropped(a, draws, keep):
    return a  # drops nothing; yours to write

# %% [markdown]
# **3. The network.** `network()` returns a Keras model of these layers. The last one gives *scores*: the softmax is in the loss.
#
# | layer | shape behind it |
# |---|---|
# | 32 kernels of 5 × 5, same, ReLU | 28, 28, 32 |
# | max pooling 2 × 2 | 14, 14, 32 |
# | 64 kernels of 5 × 5, same, ReLU | 14, 14, 64 |
# | max pooling 2 × 2 | 7, 7, 64 |
# | flatten | 3136 |
# | dense, ReLU | 1024 |
# | dropout 0.5 | 1024 |
# | dense | 10 |

# %%
def network():
    layers = tf.keras.layers
    # softmax regression; yours to extend
    return tf.keras.Sequential(
        [tf.keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)]
    )

# %% [markdown]
# **4. Training.** `train(model, images, labels, epochs)` gets digits as bytes, compiles the model with Adam at a rate of 0.001 and the cross-entropy on scores
# (`SparseCategoricalCrossentropy` with `from_logits=True`; accuracy as a metric), fits it in batches of 50, and returns the model. Keras reports each step by itself.
#
# `trained_weights(images, labels)` is there for the tests: they call it with 1,000 digits whose names were exchanged, so that only a network which learns them anew reads
# any, and ask for 0.8 of the test digits after two epochs.

# %%
def train(model, images, labels, epochs):
    return model  # yours to write


def trained_weights(images, labels):
    tf.keras.utils.set_random_seed(7)
    return train(network(), images, labels, epochs=2).get_weights()

# %% [markdown]
# Now the whole training: two epochs are 340 steps of 50, half a minute to a minute here. The original took 1,100 steps at a rate of 0.0001; try that when all else is done. The tests take
# the weights of `model` as you leave them and ask for 0.955 of the test digits. About 0.97 is what you may expect.

# %%
tf.keras.utils.set_random_seed(7)
model = train(network(), train_images, train_labels, epochs=2)

answers = np.argmax(
    model.predict(prepared(test_images), batch_size=500, verbose=0), axis=1
)
print(f"{np.mean(answers == test_labels):.3f} of the test digits")

# %% [markdown]
# **5. Kernels as one picture.** `tiled(kernels, columns)` takes kernels of one channel, `[h, w, 1, n]`, and returns a picture of $n / \mathrm{columns}$ rows of `columns` tiles. A tile is a kernel with a row of zeros **below**
# and a column of zeros **to the right**, so that one can see where it ends; 32 kernels of 5 × 5 in 8 columns make 24 × 48. Kernel 0 is at the upper left, kernel 1 to its right.

# %%
def tiled(kernels, columns):
    h, w, _, n = kernels.shape
    return np.zeros(((h + 1) * n // columns, (w + 1) * columns))  # yours to write

# %% [markdown]
# Until your network has its convolutional layers, the last two cells have nothing to show. Then you see the 32 kernels, a few of which have a bright and a dark
# side, while most look nearly random: for digits that is enough. Below them is what both layers answer to one digit. In the first you still recognise it, in outlines and shadows; in the second
# only patches are left, and most of them are black. The kernels of a longer training, 1,100 steps, look like this; yours will resemble them in kind:
#
# ![Thirty-two small grids of five by five cells in shades. Some have a dark side and a light side or a stripe; most look nearly random.](../../figures/learnt-kernels.svg)

# %%
weights = model.get_weights()
if len(weights) == 8:
    plt.figure(figsize=(8, 4))
    plt.imshow(tiled(weights[0], 8), cmap="gray")
    plt.title("32 kernels of the first layer")
    plt.axis("off")
    plt.show()

# %%
if len(weights) == 8:
    first = feature_maps(prepared(test_images[:1]), weights[0], weights[1])
    pooled = tf.nn.max_pool2d(first, 2, 2, "SAME")
    second = feature_maps(pooled, weights[2], weights[3])
    for name, maps, columns in (("first", first, 8), ("second", second, 16)):
        figure, axes = plt.subplots(
            maps.shape[-1] // columns, columns, figsize=(9, 4.5 * 8 / columns)
        )
        for channel, place in enumerate(axes.flat):
            place.imshow(maps[0, :, :, channel], cmap="gray")
            place.axis("off")
        figure.suptitle(f"{name} layer, one digit")
        plt.show()
        print(f"{name} layer: {np.mean(maps == 0):.2f} of the activations are zero")
