# %% [markdown]
# Here are five small training programs. All of them run without an error message, but none of them works as it should.
# Each has *one* fault. Do three things with each program:
#
# 1. Run it, and look at its numbers and its learning curve.
# 2. Write the name of its fault into a variable, such as `fault_a`. The names are in `FAULTS` below, and some of them
#    belong to no program. If you see two faults, choose the one that causes the other.
# 3. Fix the program, and run it again.
#
# The tests do not read your code. They train your programs with other digits, and measure what the networks have
# learned. These lessons explain the names:
#
# | name | lesson |
# |---|---|
# | rate too high, rate too low, too few images, not shuffled, softmax twice | [Multilayer perceptron](lesson:multilayer-perceptron) |
# | bytes not scaled | [The MNIST database](lesson:mnist) |
# | dead units | [Activation functions](lesson:activations) |
# | silent broadcast | [Tensors, variables and placeholders](lesson:tensors) |

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from finalcheck_data import mnist

FAULTS = (
    "rate too high",
    "rate too low",
    "too few images",
    "bytes not scaled",
    "not shuffled",
    "softmax twice",
    "dead units",
    "silent broadcast",
)

(images, labels), (test_images, test_labels) = mnist()
images, labels = images[:5000], labels[:5000].astype("int32")

# %% [markdown]
# **The common parts** of the programs are in the next cell. They are correct, so you do not have to change them.
#
# - `build` makes a network from layers. Each program first seeds the random weights, so every run begins with the same
#   weights.
# - `cross_entropy` is the loss for the ten digits. It takes *scores*, because the TensorFlow function that it calls
#   applies the softmax itself.
# - `descend` takes a step of gradient descent for each batch of 50 images, in the order in which the images come, and
#   returns the losses. `progress` draws the learning curve.
# - `report` prints the numbers that you need for a diagnosis. It is in the cell after the next, because you write one of
#   its parts yourself.

# %%
def prepared(images):
    """Turn bytes [n, 28, 28] into rows of 784 floats from 0 to 1."""
    return images.reshape(len(images), 784).astype("float32") / 255


dense = tf.keras.layers.Dense


def build(*layers):
    return tf.keras.Sequential([tf.keras.Input((784,)), *layers])


def cross_entropy(labels, scores):
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores)
    return tf.reduce_mean(each)


def descend(model, loss_of, images, targets, rate, epochs=3, batch=50):
    x, y = tf.constant(prepared(images)), tf.constant(targets)
    variables = model.trainable_variables

    @tf.function
    def step(at):
        with tf.GradientTape() as tape:
            outputs = model(x[at : at + batch])
            loss = loss_of(y[at : at + batch], outputs)
        for variable, slope in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * slope)
        return loss

    starts = [*range(0, len(images), batch)] * epochs
    losses = []
    for at in starts:
        losses.append(float(step(tf.constant(at))))
        progress(len(losses), len(starts), loss=losses[-1])
    return losses

# %% [markdown]
# **Dead units.** Before you look at the programs, write a function that measures something. `dead_units(hidden)` receives
# the outputs of a layer of ReLU units, with one row for each image and one column for each unit. It should return the
# number of units that are 0 for *every* image. `report` calls it with the hidden layer of each program and the test
# digits.

# %%
def dead_units(hidden):
    return -1  # TODO: your code here

# %%
curves = {}


def report_training(letter, model, losses):
    curves[letter] = losses
    print(f"loss: first {losses[0]:.2f}, highest {max(losses):.2f},", end=" ")
    print(f"mean of the last 20 {np.mean(losses[-20:]):.2f}")
    hidden = model.layers[0](prepared(test_images)).numpy()
    print("dead units:", dead_units(hidden), "of", hidden.shape[1])


def report(letter, model, losses):
    report_training(letter, model, losses)
    answers = np.argmax(model(prepared(test_images)), axis=1)
    counts = np.bincount(answers, minlength=10)
    print(f"accuracy on the test digits: {np.mean(answers == test_labels):.2f}")
    print("answers from 0 to 9:", *counts)

# %% [markdown]
# **What a healthy training looks like.** Compare each program with this table.
#
# | look at | in a healthy training |
# |---|---|
# | the first loss | It is near $\ln 10 = 2.30$ for ten classes, or $\ln 2 = 0.69$ for two, because the network knows nothing yet. |
# | the learning curve | It falls quickly at first and then slowly. Its jumps are small. |
# | the last loss and the accuracy | They agree. If the loss is $L$, a typical probability of the correct class is $e^{-L}$: for a loss of 0.2, it is 82 %. |
# | the dead units | At most a few of the 64 are dead. |
# | the answers | Each digit occurs roughly 150 times among the 1,500 test digits. |
# | the accuracy | This small network reads about 90 % of the test digits after three epochs. |
#
# **Program A** is the perceptron of the lesson, with 64 hidden units.

# %%
def train_a(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=5.0)


report("A", *train_a(images, labels))

# %%
fault_a = ""  # TODO: a name from FAULTS

# %% [markdown]
# **Program B** gets its digits from ten folders, one folder for each digit. `from_folders` reads one folder after the
# other.

# %%
def from_folders(images, labels):
    folders = [images[labels == digit] for digit in range(10)]
    names = [labels[labels == digit] for digit in range(10)]
    return np.concatenate(folders), np.concatenate(names)


def train_b(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    images, labels = from_folders(images, labels)
    return model, descend(model, cross_entropy, images, labels, rate=0.2)


report("B", *train_b(images, labels))

# %%
fault_b = ""  # TODO: a name from FAULTS

# %% [markdown]
# **Program C** reads most of the test digits, but its loss stops falling early. Do its last loss and its accuracy agree, as
# in the table? You may change `network_c` or `loss_c`.
#
# A test calls `reported_c` with other weights, and compares the result with the cross-entropy of that network.

# %%
def network_c():
    tf.keras.utils.set_random_seed(7)
    return build(dense(64, activation="relu"), dense(10, activation="softmax"))


def loss_c(labels, outputs):
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, outputs)
    return tf.reduce_mean(each)


def train_c(images, labels):
    model = network_c()
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, loss_c, images, labels, rate=0.5)


def reported_c(weights, images, labels):
    """Return the loss of program C if its network has these weights."""
    model = network_c()
    model.set_weights(weights)
    return loss_c(labels, model(prepared(images)))


report("C", *train_c(images, labels))

# %%
fault_c = ""  # TODO: a name from FAULTS

# %% [markdown]
# **Program D** learns nothing. Before you fixed it, program A ended like this, too. Is it the same fault? Compare the
# losses.

# %%
def train_d(images, labels):
    tf.keras.utils.set_random_seed(7)
    start = tf.keras.initializers.RandomUniform(-0.1, 0.0)
    model = build(
        dense(64, activation="relu", kernel_initializer=start), dense(10)
    )
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.5)


report("D", *train_d(images, labels))

# %%
fault_d = ""  # TODO: a name from FAULTS

# %% [markdown]
# **Program E** answers a question with yes or no: is the digit even? Its network has one output, the probability of
# *yes*, and the targets are 1 for yes and 0 for no. The loss is the cross-entropy for two classes, from the lesson
# [Logistic regression](lesson:iris-classifier).

# %%
def loss_e(targets, outputs):
    p = tf.clip_by_value(outputs, 1e-6, 1 - 1e-6)
    yes, no = tf.math.log(p), tf.math.log(1 - p)
    return -tf.reduce_mean(targets * yes + (1 - targets) * no)


def train_e(images, targets):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(1, activation="sigmoid"))
    order = np.random.default_rng(1).permutation(len(images))
    images, targets = images[order], targets[order]
    return model, descend(model, loss_e, images, targets, rate=0.2)


is_even = (labels % 2 == 0).astype("float32")
model_e, losses_e = train_e(images, is_even)
report_training("E", model_e, losses_e)
chances = model_e(prepared(test_images))[:, 0].numpy()
right = (chances > 0.5) == (test_labels % 2 == 0)
print(f"accuracy on the test digits: {right.mean():.2f}")
print("outputs of five test digits:", *chances[:5].round(2))

# %%
fault_e = ""  # TODO: a name from FAULTS

# %% [markdown]
# **All five curves.** The dotted line is the loss of a network that knows nothing. When you have fixed all programs, each
# curve falls far below it. The tests call the last function.

# %%
figure, axes = plt.subplots(1, 5, figsize=(13, 3))
for axis, (letter, losses) in zip(axes, sorted(curves.items())):
    axis.plot(losses, linewidth=1)
    axis.axhline(np.log(2 if letter == "E" else 10), linestyle=":")
    axis.set_title(f"program {letter}")
    axis.set_xlabel("step")
    axis.set_ylim(0, 4)
axes[0].set_ylabel("loss")
plt.tight_layout()
plt.show()


def trained_weights(letter, images, targets):
    train = {"A": train_a, "B": train_b, "D": train_d, "E": train_e}[letter]
    model, _ = train(images, targets)
    return model.get_weights()

# %% [markdown]
# **If you want to go on:** give program A its old rate again. Why does it end with so many dead units? Then start both
# layers of program D with all weights at zero. Which numbers show this fault? These questions are not tested.
