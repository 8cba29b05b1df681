# %% [markdown]
# This lab uses TensorFlow 2, so an operation runs as soon as Python reaches it. A value from outside is a function
# argument, and `tf.function` turns a Python function into a graph. You will write three functions, and find a mistake
# that raises no error.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. Standardize a batch.** `standardise(batch)` receives a table with one example per row. It should return the
# same table with each *column* shifted to mean 0 and scaled to standard deviation 1. `tf.reduce_mean` and
# `tf.math.reduce_std` take an `axis`. Their results have the shape of one row, and broadcasting applies them to all
# rows.


# %%
def standardise(batch):
    return batch  # TODO: your code here


# %% [markdown]
# **2. A loop inside a graph.** `doublings(start, limit)` should double `start` until it is at least `limit`, and
# return the number of doublings. Under `@tf.function`, a Python `while` becomes part of the graph if its condition is
# a tensor. So convert `start` with `tf.cast(start, tf.float32)`, and count with a `tf.constant(0)`. The test calls your
# function with tensors, inside a graph of its own.


# %%
@tf.function
def doublings(start, limit):
    return tf.constant(-1)  # TODO: your code here


print("doublings", int(doublings(tf.constant(1.0), tf.constant(100.0))))

# %% [markdown]
# **3. Find the mistake.** A colleague's model never gets better, and `loss` is the reason. The predictions come from
# a layer with one output, so their shape is $(n, 1)$. The targets come from a file and have the shape $(n)$. `loss`
# should be the mean squared error. Fix it, so that the loss of perfect predictions, printed below, becomes 0.


# %%
def loss(predictions, targets):
    return tf.reduce_mean(tf.square(predictions - targets))


numbers = np.random.default_rng(3).normal(size=6).astype("float32")
print(
    "loss of perfect predictions",
    float(loss(numbers[:, None], numbers)),
    "should be",
    0.0,
)

# %% [markdown]
# **4. Count the traces.** A `tf.function` is *traced*, that is, turned into a graph, once for each new dtype and
# shape of its arguments. `count_traces(lengths, is_open)` should define such a function inside itself, call it with
# the vector `tf.zeros([n])` for every `n` in `lengths`, and return how many times it was traced. Python code runs
# only during tracing, so appending to a list counts the traces. If `is_open` is true, give the function the
# `input_signature=[tf.TensorSpec([None], tf.float32)]`, so that one graph accepts every length.


# %%
def count_traces(lengths, is_open):
    return 0  # TODO: your code here


lengths = [1, 2, 2, 3, 5, 8, 5]
print(
    "traces",
    count_traces(lengths, False),
    "and with an open length",
    count_traces(lengths, True),
)

# %% [markdown]
# Finally, see what standardizing is good for: two features of very different sizes become comparable. With the
# correct solution, the cloud on the right has about the same width and height.

# %%
generator = np.random.default_rng(5)
batch = (generator.normal(size=(200, 2)) * [1, 40] + [3, 100]).astype(
    "float32"
)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4))
for axes, points, title in (
    (left, batch, "before"),
    (right, standardise(batch), "after"),
):
    axes.scatter(points[:, 0], points[:, 1], s=6)
    axes.set(
        title=title,
        aspect="equal",
        xlabel="first feature",
        ylabel="second feature",
    )
plt.show()
