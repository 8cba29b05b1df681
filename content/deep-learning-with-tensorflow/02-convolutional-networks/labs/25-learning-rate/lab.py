# %% [markdown]
# Which learning rate should you use? Training a network in full with each of several rates takes a long time. A **range
# test** finds a good rate in a single short run. The rate begins far too low, is multiplied by the same factor after each
# step, and ends far too high. The losses show with which rates the training works. You write this test and a function
# that reads a rate from its result. You check this rate by training also with a rate ten times lower and ten times
# higher. Then you write a **schedule**, a rate that changes during the training.
#
# The network is the perceptron of the lesson [Multilayer perceptron](lesson:multilayer-perceptron). Of the 8,500
# training digits, 8,000 are used for training. The other 500 are validation data, on which you compare the rates. The
# test digits are used once, at the end.

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
# **1. The rates.** `growing_rates(lowest, highest, steps)` should return an array of `steps` rates. The first is
# `lowest` and the last is `highest`. Each rate is the rate before it, times the same factor. So three rates from 0.01 to
# 1 are 0.01, 0.1 and 1. From the first rate to the last, you multiply `steps - 1` times.

# %%
def growing_rates(lowest, highest, steps):
    return np.full(steps, lowest)  # TODO: your code here


print(growing_rates(0.01, 1.0, 3))

# %% [markdown]
# **2. The descent.** `descend(variables, x, y, rates)` should take one step of gradient descent for each rate: step
# $i$ uses the batch `x[i]`, `y[i]` and the rate `rates[i]`. It should return an array of the losses. The loss of a
# step is that of its batch *before* the variables change. Use `loss_of`, a `tf.GradientTape`, and
# `variable.assign_sub(…)`.
#
# You can write the step as an inner function with `@tf.function`, which makes it several times faster. Then give the
# rate to that function as a tensor, `tf.constant(rate, tf.float32)`. For each new *Python* number, TensorFlow would
# trace the function again.
#
# The whole lab uses this function. With growing rates it is a range test, with equal rates it is an ordinary training,
# and at the end the rates come from a schedule. A test calls `recorded_losses` with a smaller network.

# %%
def descend(variables, x, y, rates):
    return np.zeros(len(rates))  # TODO: your code here


def recorded_losses(weights, x, y, rates):
    """Return the losses of a network that begins with these arrays."""
    return descend([tf.Variable(each) for each in weights], x, y, rates)

# %% [markdown]
# **3. The smoothed curve.** Each loss comes from only 50 images, so the curve is noisy. `smoothed(losses, keep)`
# should return the moving averages of the losses, an array of the same length. Begin with $a_0 = 0$, and for the
# losses $L_1, L_2, \dots$ compute
#
# $$ a_i = k \, a_{i-1} + (1 - k) \, L_i, \qquad s_i = \frac{a_i}{1 - k^i} $$
#
# where $k$ is `keep` and $s_i$ is the result. The weights in $a_i$ add up to $1 - k^i$, so the division makes $s_i$ a
# true average from the first step on. Without it, the curve would begin near 0.

# %%
def smoothed(losses, keep=0.9):
    return np.zeros(len(losses))  # TODO: your code here

# %% [markdown]
# **4. The suggestion.** In a range test, the smoothed loss falls to its lowest value and then grows, because the rate
# has become too high. `suggested_rate(rates, smooth)` should find the first rate *after* the lowest value at which the
# smoothed loss is above `smooth[0]` again. There, training has failed. Return a quarter of that rate: far enough from
# failure, and not slower than necessary. All curves in the tests do rise above `smooth[0]` after their lowest value.

# %%
def suggested_rate(rates, smooth):
    return 0.0  # TODO: your code here

# %% [markdown]
# **5. The range test.** This cell trains for one epoch of 160 steps, with rates from 0.001 to 10. If the four functions
# above are right, the curve is flat on the left, then falls, and rises steeply on the right. The dotted line is the
# suggested rate. A test reads the variable `rate`.

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

# %% [markdown]
# **6. Was the suggestion good?** This cell trains three new networks for three epochs: with a tenth of the suggested
# rate, with the suggested rate, and with ten times the suggested rate. Run it, and compare the validation losses. With
# the lowest rate, the loss falls slowly. With the highest rate, the steps are too long.

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
# **7. A schedule.** The best rate at the beginning is not the best rate at the end. The first gradients are large, and a
# high rate can make the loss jump. At the end, the gradients of small batches are noisy, and only short steps bring the
# network closer to the minimum. A schedule with **warm-up and cosine** suits both: the rate grows linearly to its peak
# during the first $w$ steps, and then falls to 0 along half a cosine. `scheduled_rate(step, steps, warm_up, peak)` should
# return
#
# $$ \eta_i = \begin{cases} \eta \, \frac{i + 1}{w} & i < w \\
# \frac{\eta}{2} \left( 1 + \cos \left( \pi \, \frac{i - w}{n - w} \right) \right) & i \geq w \end{cases} $$
#
# where $i$ is `step`, counted from 0, $n$ is `steps`, $w$ is `warm_up`, and $\eta$ is `peak`.

# %%
def scheduled_rate(step, steps, warm_up, peak):
    return 0.0  # TODO: your code here


WARM_UP = 48
plan = [scheduled_rate(step, STEPS, WARM_UP, 1.0) for step in range(STEPS)]
plt.plot(plan)
plt.xlabel("step")
plt.ylabel("share of the peak")
plt.show()

# %% [markdown]
# **8. Everything together.** `train` runs your range test on the digits that it receives, and trains with your schedule
# for three epochs. The peak is 1.5 times the suggested rate, because only a few steps use the peak. A test calls
# `trained_weights` with *permuted labels*, so that weights from elsewhere are of no use. The network must read at least
# 90 % of the test digits; about 94 % is typical. Compare the validation loss with that of the constant rate. In such a
# short training, the gain is small.

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

# %% [markdown]
# Keras has this schedule, too: `tf.keras.optimizers.schedules.CosineDecay` with `warmup_target` and `warmup_steps`. Give
# it to an optimizer in place of a number.
#
# **If you want to go on:** repeat the range test with Adam in place of plain gradient descent. How much lower is the
# suggested rate? Does the schedule help more, or less, if you train for twenty epochs? These questions are not tested.
