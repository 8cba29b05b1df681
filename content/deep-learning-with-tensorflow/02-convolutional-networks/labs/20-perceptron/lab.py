# %% [markdown]
# You write two networks that read handwritten digits, without the help of Keras: first softmax regression, then a
# perceptron with one hidden layer. The lesson [Multilayer perceptron](lesson:multilayer-perceptron) explains both.
# There are two baselines from [The MNIST database](lesson:mnist): always predicting the most common digit is right
# for 12 % of the test images, and the nearest centroid is right for 81 %.

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
# **1. Prepare the images.** `prepared(images)` receives bytes with the shape `[n, 28, 28]` and should return floats
# (`float32`) from 0 to 1, with each image in a row of 784 numbers.

# %%
def prepared(images):
    return images.reshape(len(images), -1)  # flat, but still bytes; TODO: your code here

# %% [markdown]
# **2. One-hot labels.** `one_hot(labels)` should return a row of ten numbers for each label: 1 in the position of the
# label, 0 elsewhere.

# %%
def one_hot(labels):
    return np.zeros((len(labels), 10), dtype="float32")  # TODO: your code here

# %% [markdown]
# **3. Softmax.** `softmax(z)` should turn each row of scores into probabilities, $p_k = e^{z_k} / \sum_j e^{z_j}$.
# The tests also send scores of several hundred, and $e^{800}$ is too large for a computer's numbers. So first
# subtract the largest score of each row from all scores in that row. This divides numerator and denominator by the
# same factor, so the result stays the same.

# %%
def softmax(z):
    return tf.ones_like(z) / z.shape[1]  # knows nothing; TODO: your code here

# %% [markdown]
# **4. Cross-entropy.** `cross_entropy(y, p)` should return the mean over the rows of $-\sum_k y_k \ln p_k$, a single
# number, for one-hot labels $y$ and probabilities $p$.

# %%
def cross_entropy(y, p):
    return tf.constant(0.0)  # TODO: your code here

# %% [markdown]
# **Gradient descent in batches** is already written. In each epoch, it goes through all digits in a new random order,
# 50 at a time, and moves the variables against the gradients of `loss(x, y)`. `@tf.function` turns each step into a
# graph, which runs many times faster. `progress` draws the loss while you wait.

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
# **5. Softmax regression.** `train_softmax(images, labels)` should start with $W$ of shape 784 × 10 and $b$ of length
# 10, both zero, train for six epochs with a learning rate of 0.5, and return `[W, b]`. The predicted class of an
# image is the position of the largest entry of $x W + b$.
#
# The tests call it with all 8,500 training digits, but with *permuted labels*: every 3 might be called a 7, for
# example. So weights from elsewhere are of no use. Your model must read at least 88 % of the 1,500 test digits
# correctly.

# %%
def train_softmax(images, labels):
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    # TODO: a function loss(x, y), and a call of descend
    return [W, b]

# %% [markdown]
# **6. A hidden layer.** `train_perceptron(images, labels)` should do the same for $h = \mathrm{ReLU}(x W_1 + b_1)$
# and the scores $h W_2 + b_2$, with 128 hidden units, and return `[W1, b1, W2, b2]`. The biases start at zero. The
# weights must not: draw them from a normal distribution with `tf.random.normal(shape, stddev=0.05, seed=…)`. This
# model must read at least 92 % correctly.

# %%
def train_perceptron(images, labels):
    W1, b1 = tf.Variable(tf.zeros([784, 128])), tf.Variable(tf.zeros([128]))
    W2, b2 = tf.Variable(tf.zeros([128, 10])), tf.Variable(tf.zeros([10]))
    # TODO: your code here
    return [W1, b1, W2, b2]

# %% [markdown]
# Run this cell to train both. You can expect about 91 % and 95 %. The zeros at the start predict 0 for every image,
# which is right for about 10 % of them.

# %%
W, b = train_softmax(train_images, train_labels)
W1, b1, W2, b2 = train_perceptron(train_images, train_labels)

x = np.float32(prepared(test_images))
scores = {"softmax": x @ W + b, "perceptron": tf.nn.relu(x @ W1 + b1) @ W2 + b2}
for name, z in scores.items():
    right = np.mean(np.argmax(z, axis=1) == test_labels)
    print(f"{name}: {right:.3f} of the test digits")

# %% [markdown]
# The weights of softmax regression are images: blue is evidence for the digit, red is evidence against it. Below them
# are digits that your perceptron gets wrong. Would you have read them correctly?

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
