# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

(images, labels), (test_images, test_labels) = mnist()
labels = labels.astype("int32")


def prepared(images):
    """Turn bytes [n, 28, 28] into rows of 784 floats from 0 to 1."""
    return images.reshape(len(images), 784).astype("float32") / 255


def new_network(seed=7):
    """Return W1, b1, W2 and b2 of a perceptron with 128 hidden units."""
    shapes = (784, 128), (128,), (128, 10), (10,)
    draw = tf.keras.initializers.GlorotUniform(seed)
    return [
        tf.Variable(draw(shape) if len(shape) == 2 else tf.zeros(shape))
        for shape in shapes
    ]


def scores_of(variables, x):
    W1, b1, W2, b2 = variables
    return tf.nn.relu(x @ W1 + b1) @ W2 + b2


def loss_of(variables, x, y):
    scores = scores_of(variables, x)
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, scores)
    return tf.reduce_mean(each)


def batches(images, labels, steps, size=50):
    """Return x [steps, 50, 784] and y [steps, 50], shuffled anew in each epoch."""
    generator = np.random.default_rng(1)
    epochs = -(-steps * size // len(images))  # rounded up
    order = [generator.permutation(len(images)) for _ in range(epochs)]
    chosen = np.concatenate(order)[: steps * size].reshape(steps, size)
    return prepared(images)[chosen], labels[chosen]


def accuracy(variables, images, labels):
    answers = np.argmax(scores_of(variables, prepared(images)), axis=1)
    return np.mean(answers == labels)


train_images, train_labels = images[:8000], labels[:8000]
valid_images, valid_labels = images[8000:], labels[8000:]

# %% [markdown]
# The factor is the root of `highest / lowest` whose degree is the number of multiplications. `np.geomspace` is NumPy's
# name for this function.

# %%
def growing_rates(lowest, highest, steps):
    factor = (highest / lowest) ** (1 / (steps - 1))
    return lowest * factor ** np.arange(steps)


print(growing_rates(0.01, 1.0, 3))

# %% [markdown]
# The tape records the loss, and the variables change after it. The rate is a tensor, so `step` is traced once.

# %%
def descend(variables, x, y, rates):
    @tf.function
    def step(images, labels, rate):
        with tf.GradientTape() as tape:
            loss = loss_of(variables, images, labels)
        for variable, slope in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * slope)
        return loss

    losses = []
    for images, labels, rate in zip(x, y, rates):
        loss = step(images, labels, tf.constant(rate, tf.float32))
        losses.append(loss.numpy())
    return np.array(losses)


def recorded_losses(weights, x, y, rates):
    """Return the losses of a network that begins with these arrays."""
    return descend([tf.Variable(each) for each in weights], x, y, rates)

# %% [markdown]
# `i` counts from 1, because the first average already contains one loss.

# %%
def smoothed(losses, keep=0.9):
    average, averages = 0.0, []
    for i, loss in enumerate(losses, 1):
        average = keep * average + (1 - keep) * loss
        averages.append(average / (1 - keep**i))
    return np.array(averages)

# %% [markdown]
# `np.argmax` of true and false values gives the position of the first true value. It counts from the lowest loss, so
# add that position again.

# %%
def suggested_rate(rates, smooth):
    lowest = np.argmin(smooth)
    failed = lowest + np.argmax(smooth[lowest:] > smooth[0])
    return rates[failed] / 4

# %%
def range_test(images, labels):
    """Return the rates and the smoothed losses of a range test."""
    rates = growing_rates(0.001, 10.0, 160)
    losses = descend(new_network(), *batches(images, labels, 160), rates)
    return rates, smoothed(losses)


rates, smooth = range_test(train_images, train_labels)
rate = suggested_rate(rates, smooth)
print(f"suggested rate: {rate:.3f}")

plt.plot(rates, smooth, label="smoothed loss")
if rate > 0:
    plt.axvline(rate, linestyle=":", label="suggested rate")
plt.xscale("log")
plt.ylim(0, 4)
plt.xlabel("learning rate")
plt.ylabel("loss")
plt.legend()
plt.show()

# %%
STEPS = 480  # three epochs
for factor in (0.1, 1, 10):
    variables = new_network()
    data = batches(train_images, train_labels, STEPS)
    losses = descend(variables, *data, np.full(STEPS, factor * rate))
    x, y = prepared(valid_images), valid_labels
    print(f"rate {factor * rate:.3f}:", end=" ")
    print(f"validation loss {loss_of(variables, x, y):.2f},", end=" ")
    print(f"accuracy {accuracy(variables, valid_images, valid_labels):.3f}")
    plt.plot(smoothed(losses), label=f"rate {factor * rate:.3f}")
plt.ylim(0, 3)
plt.xlabel("step")
plt.ylabel("smoothed loss")
plt.legend()
plt.show()

# %% [markdown]
# For $i = w$, the cosine is 1 and the rate is the peak. For $i = n$, which would be the step after the last, the cosine
# is −1 and the rate is 0.

# %%
def scheduled_rate(step, steps, warm_up, peak):
    if step < warm_up:
        return peak * (step + 1) / warm_up
    rest = (step - warm_up) / (steps - warm_up)
    return peak / 2 * (1 + np.cos(np.pi * rest))


WARM_UP = 48
plan = [scheduled_rate(step, STEPS, WARM_UP, 1.0) for step in range(STEPS)]
plt.plot(plan)
plt.xlabel("step")
plt.ylabel("share of the peak")
plt.show()

# %%
def train(images, labels):
    peak = 1.5 * suggested_rate(*range_test(images, labels))
    rates = [
        scheduled_rate(step, STEPS, WARM_UP, peak) for step in range(STEPS)
    ]
    variables = new_network()
    descend(variables, *batches(images, labels, STEPS), np.array(rates))
    return variables


def trained_weights(images, labels):
    return [each.numpy() for each in train(images, labels)]


variables = train(train_images, train_labels)
x, y = prepared(valid_images), valid_labels
print(f"validation loss {loss_of(variables, x, y):.2f},", end=" ")
print(f"accuracy {accuracy(variables, valid_images, valid_labels):.3f}")
print(f"test accuracy {accuracy(variables, test_images, test_labels):.3f}")
