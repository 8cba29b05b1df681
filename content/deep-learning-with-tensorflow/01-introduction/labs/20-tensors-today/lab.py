# %% [markdown]
# The same ideas in the TensorFlow of today: no session, no placeholder. What arrives from outside is an argument, and
# `tf.function` turns a Python function into a graph. You write three functions, and you find a mistake that raises no error.

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown]
# **1. Standardise a batch.** `standardise(batch)` gets one example a row. It returns the same table after each *column* has been
# shifted to the mean 0 and divided to the standard deviation 1. `tf.reduce_mean` and `tf.math.reduce_std` take an `axis`; the
# results have the shape of one row, and broadcasting stretches them.


# %%
def standardise(batch):
    return batch  # yours to write


# %% [markdown]
# **2. A loop inside a graph.** `doublings(start, limit)` doubles `start` until it is at least `limit`, and returns how often it
# had to. With `@tf.function` above it, Python's `while` becomes a node of the graph, if what it asks about is a tensor: so begin
# with `tf.constant`s.


# %%
@tf.function
def doublings(start, limit):
    return tf.constant(-1)  # yours to write


print("doublings", int(doublings(tf.constant(1.0), tf.constant(100.0))))

# %% [markdown]
# **3. Find the mistake.** A colleague's model never gets better, and here is the reason. Predictions come from a layer with one
# output, so their shape is $(n, 1)$. Targets come from a file, with the shape $(n)$. `loss` shall be the mean squared error. Mend
# it. The two numbers below should become equal.


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
# **4. Count the graphs.** A `tf.function` is *traced*, made into a graph, once for each new type and shape of its arguments.
# `count_traces(lengths, is_open)` defines such a function inside itself, calls it with a vector of `tf.zeros([n])` for every `n`
# in `lengths`, and returns how often it was traced. Python code runs only while tracing: append to a list there. With `is_open`
# true, give the function the `input_signature=[tf.TensorSpec([None], tf.float32)]`, so that one graph takes every length.


# %%
def count_traces(lengths, is_open):
    return 0  # yours to write


lengths = [1, 2, 2, 3, 5, 8, 5]
print(
    "traces",
    count_traces(lengths, False),
    "and with an open length",
    count_traces(lengths, True),
)

# %% [markdown]
# What standardising is good for: two features of very different size become comparable. In the right solution both clouds have
# the same width and height on the right.

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
