# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, train_labels), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes

# %% [markdown]
# The product of a row of $v$ with $W$ contains the input of each hidden unit.

# %%
def up(v, W, b):
    return tf.sigmoid(v @ W + b)

# %% [markdown]
# The sum over $i$ and $j$ is a product of rows: the input of each hidden unit, times whether the unit is on.

# %%
def energy(v, h, W, a, b):
    both = tf.reduce_sum((v @ W) * h, axis=1)
    return -both - tf.linalg.matvec(v, a) - tf.linalg.matvec(h, b)

# %% [markdown]
# The positive phase is added, and the negative phase is subtracted.

# %%
def changes(v, draws, W, a, b):
    h = up(v, W, b)
    drawn = tf.cast(draws < h, tf.float32)
    rebuilt = tf.sigmoid(drawn @ tf.transpose(W) + a)
    again = up(rebuilt, W, b)
    n = tf.cast(tf.shape(v)[0], tf.float32)
    by_weight = (tf.transpose(v) @ h - tf.transpose(rebuilt) @ again) / n
    return [
        by_weight,
        tf.reduce_mean(v - rebuilt, axis=0),
        tf.reduce_mean(h - again, axis=0),
    ]

# %%
def rbm(data, hidden=256, epochs=3, batch=50, rate=0.1):
    W = tf.Variable(tf.random.normal([data.shape[1], hidden], stddev=0.01))
    a, b = tf.Variable(tf.zeros([data.shape[1]])), tf.Variable(tf.zeros([hidden]))
    order = np.random.default_rng(2)

    @tf.function
    def step(v):
        draws = tf.random.uniform([tf.shape(v)[0], hidden])
        for variable, change in zip((W, a, b), changes(v, draws, W, a, b)):
            variable.assign_add(rate * change)
        return tf.reduce_mean(tf.abs(a))

    for epoch in range(epochs):
        mixed = order.permutation(len(data))
        for start in range(0, len(data), batch):
            size = step(tf.gather(data, mixed[start : start + batch]))
        progress(epoch + 1, epochs, bias=size)
    return W, b

# %% [markdown]
# Only the first RBM sees images. Each of the others gets the hidden probabilities of the one below.

# %%
def stacked(images):
    data, start = tf.constant(images / np.float32(255)), []
    for layer in range(3):
        W, b = rbm(data)
        data = up(data, W, b)
        start += [W, b]
    return start

# %%
def tuned(start, images, labels, steps=100):
    weights = [tf.Variable(each) for each in start]
    weights += [
        tf.Variable(tf.random.normal([256, 10], stddev=0.05)),
        tf.Variable(tf.zeros([10])),
    ]
    x, y = tf.constant(images / np.float32(255)), tf.constant(labels)
    adam = tf.keras.optimizers.Adam(0.01)
    adam.build(weights)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, scores(x, weights))
            loss = tf.reduce_mean(each)
        adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss

    for number in range(steps):
        progress(number + 1, steps, loss=step())
    return weights


def scores(x, weights):
    *hidden, W, b = weights
    for matrix, bias in zip(hidden[::2], hidden[1::2]):
        x = tf.sigmoid(x @ matrix + bias)
    return x @ W + b

# %%
def read_with_few(images, some, labels):
    tf.keras.utils.set_random_seed(5)
    return tuned(stacked(images), some, labels)

# %%
random = np.random.default_rng(2)
places = [np.flatnonzero(train_labels == digit) for digit in range(10)]
some = np.concatenate([random.permutation(each)[:20] for each in places])
weights = read_with_few(train, train[some], train_labels[some].astype("int64"))
answers = np.argmax(scores(test / np.float32(255), weights), axis=1)
print(f"{np.mean(answers == test_labels):.3f} of the test digits, with 200 labels")

figure, places = plt.subplots(3, 10, figsize=(10, 3.2))
for place, image in zip(places.flat, np.transpose(weights[0])):
    place.imshow(image.reshape(28, 28), cmap="gray")
    place.axis("off")
plt.show()
