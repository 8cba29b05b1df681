# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist


def ink(images):
    return (images.reshape(-1, 784) > 127).astype("float32")


(train_images, _), (test_images, _) = mnist()
train_images, test_images = ink(train_images), ink(test_images)


# %%
def up(v, weights, hidden):
    return tf.sigmoid(v @ weights + hidden)


def down(h, weights, visible):
    return tf.sigmoid(h @ tf.transpose(weights) + visible)


# %%
def draw(p, uniform):
    return tf.cast(uniform < p, tf.float32)


# %%
def gibbs_step(v, hidden_uniform, visible_uniform, weights, visible, hidden):
    h = draw(up(v, weights, hidden), hidden_uniform)
    return draw(down(h, weights, visible), visible_uniform)


# %%
def free_energy(v, weights, visible, hidden):
    of_visible = tf.reduce_sum(v * visible, axis=1)
    return -of_visible - tf.reduce_sum(
        tf.nn.softplus(v @ weights + hidden), axis=1
    )


# %% [markdown]
# The products use probabilities, and what goes down is a sample.


# %%
def contrastive_step(v0, uniform, weights, visible, hidden, rate):
    h0 = up(v0, weights, hidden)
    v1 = down(draw(h0, uniform), weights, visible)
    h1 = up(v1, weights, hidden)
    together = tf.transpose(v0) @ h0 - tf.transpose(v1) @ h1
    return (
        weights + rate * together / tf.cast(tf.shape(v0)[0], tf.float32),
        visible + rate * tf.reduce_mean(v0 - v1, axis=0),
        hidden + rate * tf.reduce_mean(h0 - h1, axis=0),
    )


# %% [markdown]
# The RBM consists of three tensors, and each step replaces them by new ones. Nothing here depends on the images being
# digits.


# %%
def train(images, count):
    share = np.clip(images.mean(axis=0), 0.01, 0.99)
    weights = tf.random.normal([images.shape[1], count], stddev=0.01)
    rbm = (
        weights,
        tf.constant(np.log(share / (1 - share)), tf.float32),
        tf.zeros(count),
    )

    @tf.function
    def step(batch, *rbm):
        return contrastive_step(
            batch, tf.random.uniform([len(batch), count]), *rbm, 0.2
        )

    for epoch in range(10):
        order = np.random.permutation(len(images))
        for first in range(0, len(images), 50):
            rbm = step(
                tf.constant(images[order[first : first + 50]]), *rbm
            )
        progress(epoch + 1, 10)
    return rbm


# %%
def by_components(train_images, images, count):
    mean = train_images.mean(axis=0)
    directions = np.linalg.svd(train_images - mean, full_matrices=False)[2][
        :count
    ].T
    return mean + (images - mean) @ directions @ directions.T


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
