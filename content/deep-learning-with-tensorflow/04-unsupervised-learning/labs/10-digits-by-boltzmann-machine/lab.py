# %% [markdown]
# In this lab you build a restricted Boltzmann machine (RBM) step by step. You train it on digits without their labels, look
# at what its hidden units have learned, and compare it with principal component analysis of the same size.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist


def ink(images):
    return (images.reshape(-1, 784) > 127).astype("float32")


(train_images, _), (test_images, _) = mnist()
train_images, test_images = ink(train_images), ink(test_images)

# %% [markdown]
# **1. Up and down.** `up(v, weights, hidden)` returns the probabilities of the hidden units, $\sigma(b + v W)$, one row per
# image. `down(h, weights, visible)` returns the probabilities of the pixels, $\sigma(a + h W^T)$. Both use the same
# `weights`, of shape (pixels, hidden units).


# %%
def up(v, weights, hidden):
    return v @ weights - 1  # TODO: your code here


def down(h, weights, visible):
    return h @ tf.transpose(weights) - 1  # TODO: your code here


# %% [markdown]
# **2. Sampling.** `draw(p, uniform)` turns a unit on (1.0) if its random number is below its probability, and off (0.0)
# otherwise. The random numbers are an argument, so that the tests can choose them.


# %%
def draw(p, uniform):
    return -p  # TODO: your code here


# %% [markdown]
# **3. One Gibbs step.** `gibbs_step(v, hidden_uniform, visible_uniform, weights, visible, hidden)` computes the hidden
# probabilities and samples them, then computes the visible probabilities from that sample and samples these. The result is a
# batch of images of 0 and 1.


# %%
def gibbs_step(v, hidden_uniform, visible_uniform, weights, visible, hidden):
    return v - 2  # TODO: your code here


# %% [markdown]
# **4. Free energy.** `free_energy(v, weights, visible, hidden)` returns one number per image:
#
# $$ F(v) = - \sum_i a_i v_i - \sum_j \ln \Big( 1 + e^{\,b_j + \sum_i v_i w_{ij}} \Big) $$


# %%
def free_energy(v, weights, visible, hidden):
    return tf.reduce_sum(v, axis=1)  # TODO: your code here


# %% [markdown]
# **5. Contrastive divergence.** `contrastive_step(v0, uniform, weights, visible, hidden, rate)` returns the three new
# parameters after one step. Compute $h_0$ up from $v_0$, then $v_1$ down from a *sample* of $h_0$ (drawn with `uniform`),
# then $h_1$ up from $v_1$, as probabilities. Add rate · $(v_0^T h_0 - v_1^T h_1) / n$ to the weights, rate · the mean of
# $v_0 - v_1$ to the visible biases, and rate · the mean of $h_0 - h_1$ to the hidden biases. The batch has $n$ images.


# %%
def contrastive_step(v0, uniform, weights, visible, hidden, rate):
    return weights, visible, hidden  # TODO: your code here


# %% [markdown]
# **6. Train.** `train(images, count)` trains an RBM with `count` hidden units and returns its weights, visible biases and
# hidden biases. Start with small normal weights ($\sigma = 0.01$), hidden biases of 0, and the log-odds of the pixels as
# visible biases (with shares between 0.01 and 0.99). Ten epochs in batches of 50 with a learning rate of 0.2 are enough.
# `tf.random.uniform(shape)` gives random numbers. Put `@tf.function` above the function that makes one step, and the
# training runs much faster.
#
# The tests train your RBM on digits with shuffled pixels. They rebuild unseen digits from 64 sampled bits and measure how
# much of the mean image's error is gone: at least 45 % is required. Where the limit comes from: with ten epochs, our RBM
# removed 50 % to 52 % in six runs with different digits and random numbers, and with five epochs 44 % to 46 % in three
# runs. So the limit leaves room for chance, but half of the training is not enough to be safe.


# %%
def train(images, count):
    weights = tf.zeros([images.shape[1], count])  # TODO: your code here
    return weights, tf.zeros(images.shape[1]), tf.zeros(count)


# %% [markdown]
# **7. The baseline.** `by_components(train_images, images, count)` rebuilds `images` from their first `count` principal
# components, computed from `train_images`: $\bar{x} + (x - \bar{x}) U U^T$. The directions are the first `count` rows of the
# third result of `np.linalg.svd(train_images - mean, full_matrices=False)`, transposed.


# %%
def by_components(train_images, images, count):
    return images - 1  # TODO: your code here


# %% [markdown]
# Now look at the results. With all parts in place, the error of the RBM is about 0.035 with probabilities and 0.038 with
# bits. PCA has 0.019 with 64 numbers. The weights show strokes, as in this figure from another run:
#
# ![Twelve small images with blue and orange strokes at various places, some of them rings.](../../figures/learnt-weights.svg)

# %%
weights, visible, hidden = train(train_images, 64)


def error(rebuilt):
    return float(np.mean((test_images - np.clip(rebuilt, 0, 1)) ** 2))


code = up(test_images, weights, hidden)
print("mean image", error(np.tile(train_images.mean(axis=0), (1500, 1))))
print("64 probabilities", error(down(code, weights, visible)))
print(
    "64 bits",
    error(
        down(draw(code, tf.random.uniform(code.shape)), weights, visible)
    ),
)
print(
    "64 components",
    error(by_components(train_images[:3000], test_images, 64)),
)

figure, grid = plt.subplots(4, 16, figsize=(12, 3.4))
pictures = np.asarray(weights).T.reshape(64, 28, 28)
limit = max(np.abs(pictures).max() / 2, 0.01)
for axes, picture in zip(grid.flat, pictures):
    axes.imshow(picture, cmap="RdBu", vmin=-limit, vmax=limit)
    axes.axis("off")
plt.show()

# %% [markdown]
# What does the RBM generate? Here are eight chains of 200 Gibbs steps, each starting from noise.

# %%
images = draw(tf.fill([8, 784], 0.5), tf.random.uniform([8, 784]))
for _ in range(200):
    images = gibbs_step(
        images,
        tf.random.uniform([8, 64]),
        tf.random.uniform([8, 784]),
        weights,
        visible,
        hidden,
    )
probabilities = down(up(images, weights, hidden), weights, visible)

figure, grid = plt.subplots(1, 8, figsize=(12, 1.8))
for axes, picture in zip(grid, np.asarray(probabilities).reshape(8, 28, 28)):
    axes.imshow(picture, cmap="gray_r")
    axes.axis("off")
plt.show()
