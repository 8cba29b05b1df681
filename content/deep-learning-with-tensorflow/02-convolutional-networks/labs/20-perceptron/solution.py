# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train_images, train_labels), (test_images, test_labels) = mnist()
print("training", train_images.shape, train_images.dtype, "test", test_images.shape)

figure, axes = plt.subplots(2, 8, figsize=(10, 3))
for place, image, label in zip(axes.flat, train_images, train_labels):
    place.imshow(image, cmap="gray_r")
    place.set_title(label)
    place.axis("off")
plt.show()

# %% [markdown]
# Dividing bytes by a number would give float64. float32 needs half the memory and is precise enough.

# %%
def prepared(images):
    return images.reshape(len(images), -1).astype("float32") / 255

# %% [markdown]
# The rows of the identity matrix are the one-hot vectors of 0 to 9, and an array of labels picks the rows.

# %%
def one_hot(labels):
    return np.eye(10, dtype="float32")[labels]

# %% [markdown]
# `keepdims` keeps a column, so each row is compared with its own largest score.

# %%
def softmax(z):
    powers = tf.exp(z - tf.reduce_max(z, axis=1, keepdims=True))
    return powers / tf.reduce_sum(powers, axis=1, keepdims=True)

# %% [markdown]
# A probability may be rounded to zero, and its logarithm would be minus infinity. The tiny number keeps it finite.

# %%
def cross_entropy(y, p):
    return -tf.reduce_mean(tf.reduce_sum(y * tf.math.log(p + 1e-12), axis=1))

# %%
def descend(variables, loss, images, labels, epochs, rate, batch=50):
    x, y = tf.constant(prepared(images)), tf.constant(one_hot(labels))
    order = np.random.default_rng(1)

    @tf.function
    def step(chosen):
        with tf.GradientTape() as tape:
            value = loss(tf.gather(x, chosen), tf.gather(y, chosen))
        for variable, gradient in zip(variables, tape.gradient(value, variables)):
            variable.assign_sub(rate * gradient)
        return value

    steps = len(images) // batch
    for epoch in range(epochs):
        mixed = order.permutation(len(images))
        values = [
            step(tf.constant(mixed[i * batch : (i + 1) * batch]))
            for i in range(steps)
        ]
        progress(epoch + 1, epochs, loss=np.mean(values))

# %% [markdown]
# With a single layer, zeros are fine as initial weights.

# %%
def train_softmax(images, labels):
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))

    def loss(x, y):
        return cross_entropy(y, softmax(x @ W + b))

    descend([W, b], loss, images, labels, epochs=6, rate=0.5)
    return [W, b]

# %% [markdown]
# With zeros in both layers, no gradient would get through, so the weights start as small random numbers. The loss
# computes the hidden layer, and the tape finds the gradients through it.

# %%
def train_perceptron(images, labels):
    W1 = tf.Variable(tf.random.normal([784, 128], stddev=0.05, seed=1))
    W2 = tf.Variable(tf.random.normal([128, 10], stddev=0.05, seed=2))
    b1, b2 = tf.Variable(tf.zeros([128])), tf.Variable(tf.zeros([10]))

    def loss(x, y):
        hidden = tf.nn.relu(x @ W1 + b1)
        return cross_entropy(y, softmax(hidden @ W2 + b2))

    descend([W1, b1, W2, b2], loss, images, labels, epochs=6, rate=0.5)
    return [W1, b1, W2, b2]

# %%
W, b = train_softmax(train_images, train_labels)
W1, b1, W2, b2 = train_perceptron(train_images, train_labels)

x = np.float32(prepared(test_images))
scores = {"softmax": x @ W + b, "perceptron": tf.nn.relu(x @ W1 + b1) @ W2 + b2}
for name, z in scores.items():
    right = np.mean(np.argmax(z, axis=1) == test_labels)
    print(f"{name}: {right:.3f} of the test digits")

# %%
figure, axes = plt.subplots(2, 10, figsize=(12, 3))
for digit in range(10):
    axes[0, digit].imshow(
        tf.reshape(W[:, digit], (28, 28)), cmap="RdBu", vmin=-0.8, vmax=0.8
    )
    axes[0, digit].set_title(digit)
found = np.argmax(scores["perceptron"], axis=1)
for place, wrong in zip(axes[1], np.flatnonzero(found != test_labels)):
    place.imshow(test_images[wrong], cmap="gray_r")
    place.set_title(f"{test_labels[wrong]}, read {found[wrong]}", fontsize=8)
for place in axes.flat:
    place.axis("off")
plt.show()
