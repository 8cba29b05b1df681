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
# Outputs of ReLU units are never negative. So a unit is dead if its largest output is 0.

# %%
def dead_units(hidden):
    return np.sum(np.max(hidden, axis=0) == 0)

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
# After a few steps, the loss is far above 2.30, so the steps are too long. Divide the rate by ten. If the loss still
# jumps, divide it by ten again. The long steps also make most units dead, but a lower rate prevents this.

# %%
def train_a(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.5)


report("A", *train_a(images, labels))

# %%
fault_a = "rate too high"

# %% [markdown]
# Nearly every batch has images of a single digit. While the network sees only nines, "always 9" is the best answer. So
# the loss becomes small within each folder and jumps at the next, and nearly all answers are the last digits. Images and
# labels need the *same* new order.

# %%
def from_folders(images, labels):
    folders = [images[labels == digit] for digit in range(10)]
    names = [labels[labels == digit] for digit in range(10)]
    return np.concatenate(folders), np.concatenate(names)


def train_b(images, labels):
    tf.keras.utils.set_random_seed(7)
    model = build(dense(64, activation="relu"), dense(10))
    images, labels = from_folders(images, labels)
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.2)


report("B", *train_b(images, labels))

# %%
fault_b = "not shuffled"

# %% [markdown]
# The network returns probabilities, and the loss function takes them for scores and applies the softmax again. Even if
# the correct class has the probability 1 and the others have 0, the second softmax turns the 1 into
# $e / (e + 9) = 0.23$. So the loss cannot fall below $-\ln 0.23 = 1.46$. The first softmax also makes the gradient of a
# class tiny while its probability is near 0. This is why no answer was 8. Either leave the softmax out of the network, as
# here, or compute the loss from the logarithm of the probabilities.
#
# In Keras, the same mistake is a layer with `activation="softmax"` together with a loss with `from_logits=True`. If the
# softmax is the last layer of a model, Keras 3 prints a warning and computes the right loss. The functions in `tf.nn`
# do not notice the mistake.

# %%
def network_c():
    tf.keras.utils.set_random_seed(7)
    return build(dense(64, activation="relu"), dense(10))


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
fault_c = "softmax twice"

# %% [markdown]
# All 64 units are dead: no pixel is negative and no weight is positive, so every score is negative, and the ReLU passes
# no gradient back. The initial weights need both signs, as in Keras's usual initialization.

# %%
def train_d(images, labels):
    tf.keras.utils.set_random_seed(7)
    start = tf.keras.initializers.RandomUniform(-0.1, 0.1)
    model = build(
        dense(64, activation="relu", kernel_initializer=start), dense(10)
    )
    order = np.random.default_rng(1).permutation(len(images))
    images, labels = images[order], labels[order]
    return model, descend(model, cross_entropy, images, labels, rate=0.5)


report("D", *train_d(images, labels))

# %%
fault_d = "dead units"

# %% [markdown]
# The targets have the shape $(50)$ and the outputs have the shape $(50, 1)$. Their product is a table of
# $50 \times 50$, which compares each output with the targets of *all* images. With this loss, the best output is the same
# for every image: the share of *yes*. So the loss stays near $\ln 2$. Give both the same shape.

# %%
def loss_e(targets, outputs):
    p = tf.clip_by_value(outputs[:, 0], 1e-6, 1 - 1e-6)
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
fault_e = "silent broadcast"

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
