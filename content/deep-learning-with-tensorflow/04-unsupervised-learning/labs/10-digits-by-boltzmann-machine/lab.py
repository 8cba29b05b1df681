# %% [markdown]
# You build a restricted Boltzmann machine piece by piece, train it on digits without their labels, look at what its hidden units
# have learnt, and hold it against principal components of the same size.

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
# **1. Up and down.** `up(v, weights, hidden)` returns the probabilities of the hidden units, $\sigma(b + v W)$, a row for each
# image; `down(h, weights, visible)` those of the pixels, $\sigma(a + h W^T)$. Both use the same `weights`, of shape (pixels,
# hidden units).


# %%
def up(v, weights, hidden):
    return v @ weights - 1  # yours to write


def down(h, weights, visible):
    return h @ tf.transpose(weights) - 1  # yours to write


# %% [markdown]
# **2. Dice.** `draw(p, dice)` switches a unit on (1.0) where its random number lies below its probability, and off (0.0)
# elsewhere. The random numbers come as an argument, so that a test can throw the dice for you.


# %%
def draw(p, dice):
    return -p  # yours to write


# %% [markdown]
# **3. One Gibbs step.** `gibbs_step(v, hidden_dice, visible_dice, weights, visible, hidden)`: compute the hidden probabilities,
# draw; compute the visible probabilities from what was drawn, draw. The result is a batch of images of 0 and 1.


# %%
def gibbs_step(v, hidden_dice, visible_dice, weights, visible, hidden):
    return v - 2  # yours to write


# %% [markdown]
# **4. Free energy.** `free_energy(v, weights, visible, hidden)` returns, one number for each image,
#
# $$ F(v) = - \sum_i a_i v_i - \sum_j \ln \Big( 1 + e^{\,b_j + \sum_i v_i w_{ij}} \Big) $$


# %%
def free_energy(v, weights, visible, hidden):
    return tf.reduce_sum(v, axis=1)  # yours to write


# %% [markdown]
# **5. Contrastive divergence.** `contrastive_step(v0, dice, weights, visible, hidden, rate)` returns the three new parameters
# after one step: $h_0$ up from $v_0$; $v_1$ down from a *draw* of $h_0$; $h_1$ up from $v_1$, as probabilities; then weights plus
# rate · $(v_0^T h_0 - v_1^T h_1) / n$, visible plus rate · the mean of $v_0 - v_1$, hidden plus rate · the mean of $h_0 - h_1$.
# The batch has $n$ images.


# %%
def contrastive_step(v0, dice, weights, visible, hidden, rate):
    return weights, visible, hidden  # yours to write


# %% [markdown]
# **6. Train.** `train(images, count)` makes a machine with `count` hidden units: small normal weights ($\sigma = 0.01$), hidden
# biases 0, visible biases the log-odds of the pixels (shares kept between 0.01 and 0.99). It goes some ten times over the images
# in batches of 50, with a rate of 0.2, and returns weights, visible and hidden biases. Random numbers:
# `tf.random.uniform(shape)`. Put `@tf.function` above a function that makes one step, and it takes a few seconds. The tests train
# your machine on digits whose pixels stand in another order, and measure what comes back from 64 drawn bits.


# %%
def train(images, count):
    weights = tf.zeros([images.shape[1], count])  # yours to write
    return weights, tf.zeros(images.shape[1]), tf.zeros(count)


# %% [markdown]
# **7. The baseline.** `by_components(train_images, images, count)` rebuilds `images` from their first `count` principal
# components, found in `train_images`: $\bar{x} + (x - \bar{x}) U U^T$. The directions are the first `count` rows of the third
# result of `np.linalg.svd(train_images - mean, full_matrices=False)`, transposed.


# %%
def by_components(train_images, images, count):
    return images - 1  # yours to write


# %% [markdown]
# Now look. With all parts in place the machine's error is about 0.035 with probabilities and 0.038 with bits; PCA has 0.019 with
# 64 numbers. The weights show strokes, as in the figure, which comes from another run:
#
# ![Twelve small grey images with dark and light strokes at various places.](../../figures/learnt-weights.svg)

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
# What does it dream of? Below, eight chains of 200 Gibbs steps, each from noise.

# %%
dream = draw(tf.fill([8, 784], 0.5), tf.random.uniform([8, 784]))
for _ in range(200):
    dream = gibbs_step(
        dream,
        tf.random.uniform([8, 64]),
        tf.random.uniform([8, 784]),
        weights,
        visible,
        hidden,
    )
believed = down(up(dream, weights, hidden), weights, visible)

figure, grid = plt.subplots(1, 8, figsize=(12, 1.8))
for axes, picture in zip(grid, np.asarray(believed).reshape(8, 28, 28)):
    axes.imshow(picture, cmap="gray_r")
    axes.axis("off")
plt.show()
