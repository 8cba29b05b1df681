# %% [markdown]
# Two hundred digits with labels, and 8,500 without. In this lab you write a restricted Boltzmann machine (RBM), stack three
# of them without looking at any label, and fine-tune the whole network with the two hundred labels. The lesson [Deep belief
# networks](lesson:deep-belief-networks) has the formulas. Your network has to beat the same network from a random start,
# which recognizes about 80 % of the test digits, and the nearest neighbor among the two hundred, with 79 %. It will not
# beat label spreading, the simple rival of the lesson, which reaches 88 % with these labels.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(train, train_labels), (test, test_labels) = mnist()
train, test = train.reshape(-1, 784), test.reshape(-1, 784)  # rows of bytes

# %% [markdown]
# **1. Up.** `up(v, W, b)` returns the probabilities of the hidden units, $\sigma(v W + b)$, one row for each row of $v$.

# %%
def up(v, W, b):
    return tf.zeros([v.shape[0], b.shape[0]])  # TODO: your code here

# %% [markdown]
# **2. Energy.** `energy(v, h, W, a, b)` returns, for each row, the energy of the pair $(v, h)$:
# $-\sum_{ij} v_i W_{ij} h_j - \sum_i a_i v_i - \sum_j b_j h_j$. Low energy means high probability.

# %%
def energy(v, h, W, a, b):
    return tf.zeros(v.shape[0])  # TODO: your code here

# %% [markdown]
# **3. Contrastive divergence.** `changes(v, draws, W, a, b)` returns the three changes $\Delta W$, $\Delta a$ and $\Delta b$
# of one step (without the learning rate), each as a mean over the rows of $v$:
#
# 1. $h$: the probabilities of the hidden units, given $v$. A sampled unit is 1 if its number in `draws` is below $h$, and 0
#    otherwise (`tf.cast(draws < h, tf.float32)`).
# 2. $v'$: the probabilities of the visible units, $\sigma(\mathrm{sample} \cdot W^{\mathsf T} + a)$.
# 3. $h'$: the probabilities of the hidden units, given $v'$.
# 4. $\Delta W = \frac{1}{n} (v^{\mathsf T} h - v'^{\mathsf T} h')$; $\Delta a$ is the mean of $v - v'$, and $\Delta b$ is
#    the mean of $h - h'$.

# %%
def changes(v, draws, W, a, b):
    return [tf.zeros_like(W), tf.zeros_like(a), tf.zeros_like(b)]  # TODO: your code here

# %% [markdown]
# **Training an RBM** repeats such steps. This function is written for you. It returns `W` and `b`, which is all that the way
# up needs.

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
# **4. Stack.** `stacked(images)` gets rows of bytes and returns `[W1, b1, W2, b2, W3, b3]`. The first RBM is trained on the
# images (scaled to 0…1), the second on the hidden probabilities of the first, and the third on those of the second.

# %%
def stacked(images):
    start = []
    for size in (784, 256, 256):
        start += [tf.random.normal([size, 256], stddev=0.05), tf.zeros([256])]
    return start  # a random start; TODO: your code here

# %% [markdown]
# **Fine-tuning** is written for you, too: three sigmoid layers with the given initial weights, a layer of ten on top, and
# 100 steps of Adam, each with all labeled digits.

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

# %% [markdown]
# The tests call `read_with_few(images, some, labels)` with 8,500 digits without labels and 200 digits with labels. All
# pixels are shuffled, and the labels are exchanged (all threes may be called sevens). They require 83 % of the test digits.
# A random start does not reach that.

# %%
def read_with_few(images, some, labels):
    tf.keras.utils.set_random_seed(5)
    return tuned(stacked(images), some, labels)

# %% [markdown]
# Run the cell. Expect about 85 %. The weights of the first RBM are images of strokes and spots, each in one place. As long
# as the start is random, you see noise.

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
