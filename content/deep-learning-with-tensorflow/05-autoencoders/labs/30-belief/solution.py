# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, train_labels), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes

# %% [markdown]
# A row of $v$ times $W$ is what each hidden unit receives.

# %%
def up(v, W, c):
    return tf.sigmoid(v @ W + c)

# %% [markdown]
# The sum over $i$ and $j$ is a product of rows: what each hidden unit receives, times whether it is on.

# %%
def energy(v, h, W, b, c):
    both = tf.reduce_sum((v @ W) * h, axis=1)
    return -both - tf.linalg.matvec(v, b) - tf.linalg.matvec(h, c)

# %% [markdown]
# What belongs to the data is added, what belongs to the dream is taken away.

# %%
def changes(v, draws, W, b, c):
    h = up(v, W, c)
    drawn = tf.cast(draws < h, tf.float32)
    dream = tf.sigmoid(drawn @ tf.transpose(W) + b)
    again = up(dream, W, c)
    n = tf.cast(tf.shape(v)[0], tf.float32)
    by_weight = (tf.transpose(v) @ h - tf.transpose(dream) @ again) / n
    return [
        by_weight,
        tf.reduce_mean(v - dream, axis=0),
        tf.reduce_mean(h - again, axis=0),
    ]

# %%
def machine(data, hidden=256, epochs=3, batch=50, rate=0.1):
    W = tf.Variable(tf.random.normal([data.shape[1], hidden], stddev=0.01))
    b, c = tf.Variable(tf.zeros([data.shape[1]])), tf.Variable(tf.zeros([hidden]))
    order = np.random.default_rng(2)

    @tf.function
    def step(v):
        draws = tf.random.uniform([tf.shape(v)[0], hidden])
        for variable, change in zip((W, b, c), changes(v, draws, W, b, c)):
            variable.assign_add(rate * change)
        return tf.reduce_mean(tf.abs(b))

    for epoch in range(epochs):
        mixed = order.permutation(len(data))
        for start in range(0, len(data), batch):
            size = step(tf.gather(data, mixed[start : start + batch]))
        progress(epoch + 1, epochs, bias=size)
    return W, c

# %% [markdown]
# Only the first machine sees images; each of the others gets the probabilities of the units below.

# %%
def stacked(images):
    data, start = tf.constant(images / np.float32(255)), []
    for layer in range(3):
        W, c = machine(data)
        data = up(data, W, c)
        start += [W, c]
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
    *hidden, W, c = weights
    for matrix, bias in zip(hidden[::2], hidden[1::2]):
        x = tf.sigmoid(x @ matrix + bias)
    return x @ W + c

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
