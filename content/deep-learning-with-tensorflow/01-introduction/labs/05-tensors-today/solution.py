# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


# %%
def standardise(batch):
    return (batch - tf.reduce_mean(batch, axis=0)) / tf.math.reduce_std(
        batch, axis=0
    )


# %% [markdown]
# `count` and `value` are tensors, so TensorFlow turns the loop into a part of the graph, which runs as many times as
# the values require.


# %%
@tf.function
def doublings(start, limit):
    value, count = tf.cast(start, tf.float32), tf.constant(0)
    while value < limit:
        value, count = value * 2, count + 1
    return count


print("doublings", int(doublings(tf.constant(1.0), tf.constant(100.0))))

# %% [markdown]
# $(n, 1)$ minus $(n)$ is a table of $n \times n$ differences. Removing the axis of length 1 leaves $n$ pairs.


# %%
def loss(predictions, targets):
    return tf.reduce_mean(
        tf.square(tf.squeeze(predictions, axis=1) - targets)
    )


numbers = np.random.default_rng(3).normal(size=6).astype("float32")
print(
    "loss of perfect predictions",
    float(loss(numbers[:, None], numbers)),
    "should be",
    0.0,
)


# %%
def count_traces(lengths, is_open):
    traces = []
    signature = [tf.TensorSpec([None], tf.float32)] if is_open else None

    @tf.function(input_signature=signature, reduce_retracing=False)
    def double(vector):
        traces.append(vector.shape)
        return vector * 2

    for length in lengths:
        double(tf.zeros([length]))
    return len(traces)


lengths = [1, 2, 2, 3, 5, 8, 5]
print(
    "traces",
    count_traces(lengths, False),
    "and with an open length",
    count_traces(lengths, True),
)

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
