"""Train the networks of this module and keep what its figures show.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/05-autoencoders/data/record.py

from the root of the product; it takes some minutes. It writes arc.csv (kind, x, y: points on the arc, and their
reconstructions by a straight line and by an autoencoder), kept.csv (number of principal components, and the error of the
test digits rebuilt from so many), codes.csv (label and two numbers for each of 300 test digits),
rebuilt.csv (rows of 784 bytes: five digits, then their reconstructions from 32 principal components and by an autoencoder
of the same size), cleaned.csv (five digits damaged, then cleaned) and fewer-labels.csv (labels, accuracy with and without
pre-training, and of the nearest neighbor and of label spreading, each the mean of five draws).
"""

import csv
from pathlib import Path

import numpy as np
import tensorflow as tf

from sklearn.neighbors import NearestNeighbors
from sklearn.semi_supervised import LabelSpreading

from labs.runner.data.loaders import mnist

FOLDER = Path(__file__).parent
LABELS = (50, 100, 300, 1000, 3000, 8500)
layers = tf.keras.layers


def write(name, rows):
    with (FOLDER / name).open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def pair(size, codes=None):
    encoder = [tf.keras.Input((784,)), layers.Dense(256, activation="relu"), layers.Dense(codes or size)]
    decoder = [tf.keras.Input((size,)), layers.Dense(256, activation="relu"), layers.Dense(784, activation="sigmoid")]
    return tf.keras.Sequential(encoder), tf.keras.Sequential(decoder)


def descend(variables, loss, data, epochs, batch=100, rate=2e-3):
    """Adam in batches; `data` is a tuple of arrays of the same length."""
    optimizer = tf.keras.optimizers.Adam(rate)
    optimizer.build(variables)
    order = np.random.default_rng(0)

    @tf.function
    def step(*some):
        with tf.GradientTape() as tape:
            value = loss(*some)
        optimizer.apply_gradients(zip(tape.gradient(value, variables), variables, strict=True))

    for _ in range(epochs):
        mixed = order.permutation(len(data[0]))
        for start in range(0, len(mixed), batch):
            step(*(tf.constant(part[mixed[start : start + batch]]) for part in data))


def autoencoder(size, inputs, outputs, epochs=8):
    tf.keras.utils.set_random_seed(6)
    encoder, decoder = pair(size)
    variables = encoder.trainable_variables + decoder.trainable_variables
    descend(variables, lambda a, b: tf.reduce_mean((decoder(encoder(a)) - b) ** 2), (inputs, outputs), epochs)
    return encoder, decoder


def bytes_of(images):
    return np.rint(np.clip(images, 0, 1) * 255).astype(int).tolist()


def arc():
    random = np.random.default_rng(3)
    angle = random.uniform(0.25, 1.75, 400) * np.pi
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) + random.normal(0, 0.03, (400, 2))
    points = points.astype("float32")
    mean = points.mean(axis=0)
    line = np.linalg.eigh(np.cov((points - mean).T))[1][:, -1:]
    tf.keras.utils.set_random_seed(2)
    curved = tf.keras.Sequential(
        [
            tf.keras.Input((2,)),
            layers.Dense(32, activation="tanh"),
            layers.Dense(1),
            layers.Dense(32, activation="tanh"),
            layers.Dense(2),
        ]
    )
    descend(curved.trainable_variables, lambda a: tf.reduce_mean((curved(a) - a) ** 2), (points,), 60, 50, 0.01)
    at = np.argsort(angle)
    ends = np.array([-1.3, 1.3])[:, None] * line.T + mean
    rows = [("point", *point) for point in points[:120]] + [("line", *point) for point in ends]
    rows += [("curve", *point) for point in curved(points[at[::8]]).numpy()]
    write("arc.csv", [(kind, f"{a:.3f}", f"{b:.3f}") for kind, a, b in rows])


def kept(x, t):
    """Each component that is kept takes its own share of the squared error away."""
    away = t - x.mean(axis=0)
    scores = away @ np.linalg.eigh(np.cov(x.T))[1][:, ::-1].astype("float32")
    left = np.mean(away**2) - np.cumsum(np.mean(scores**2, axis=0)) / 784
    write("kept.csv", [(2**k, f"{left[2**k - 1]:.5f}") for k in range(10)])


def digits(x, t, test_labels):
    chosen = [int(np.argmax(test_labels == digit)) for digit in (0, 2, 4, 5, 8)]
    encoder, decoder = autoencoder(2, x, x)
    codes = encoder(t[:300]).numpy()
    write(
        "codes.csv", [(k, f"{a:.2f}", f"{b:.2f}") for k, (a, b) in zip(test_labels[:300].tolist(), codes, strict=True)]
    )
    mean = x.mean(axis=0)
    some = np.linalg.eigh(np.cov(x.T))[1][:, :-33:-1].astype("float32")
    encoder, decoder = autoencoder(32, x, x)
    three = (t[chosen], mean + (t[chosen] - mean) @ some @ some.T, decoder(encoder(t[chosen])).numpy())
    write("rebuilt.csv", bytes_of(np.concatenate(three)))
    random = np.random.default_rng(8)
    broken, t_broken = ((images * (random.random(images.shape) < 0.5)).astype("float32") for images in (x, t))
    encoder, decoder = autoencoder(32, broken, x)
    write("cleaned.csv", bytes_of(np.concatenate((t_broken[chosen], decoder(encoder(t_broken[chosen])).numpy()))))


def sample(p):
    return tf.cast(tf.random.uniform(tf.shape(p)) < p, tf.float32)


def belief(data):
    """(weights, hidden biases) of three RBMs, each trained on the one below."""
    random, machines = np.random.default_rng(2), []
    tf.random.set_seed(2)
    for _ in range(3):
        W = tf.Variable(tf.random.normal([data.shape[1], 256], stddev=0.01))
        a, b = tf.Variable(tf.zeros([data.shape[1]])), tf.Variable(tf.zeros([256]))
        learn = contrastive(W, a, b)
        for _ in range(5):
            order = random.permutation(len(data))
            for start in range(0, len(data), 50):
                learn(tf.gather(data, order[start : start + 50]))
        machines.append((W.numpy(), b.numpy()))
        data = tf.sigmoid(data @ W + b)
    return machines


def contrastive(W, a, b, rate=0.1):
    @tf.function
    def learn(v):
        h = tf.sigmoid(v @ W + b)
        rebuilt = tf.sigmoid(sample(h) @ tf.transpose(W) + a)
        again = tf.sigmoid(rebuilt @ W + b)
        n = tf.cast(tf.shape(v)[0], tf.float32)
        W.assign_add(rate * (tf.transpose(v) @ h - tf.transpose(rebuilt) @ again) / n)
        a.assign_add(rate * tf.reduce_mean(v - rebuilt, 0))
        b.assign_add(rate * tf.reduce_mean(h - again, 0))

    return learn


def accuracy(start, x, y, t, test_labels):
    dense = [layers.Dense(256, activation="sigmoid") for _ in range(3)]
    net = tf.keras.Sequential([tf.keras.Input((784,)), *dense, layers.Dense(10)])
    for layer, values in zip(dense, start, strict=False):
        layer.set_weights(values)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    epochs = max(10, 10_000 // len(x))
    descend(net.trainable_variables, lambda a, b: loss(b, net(a)), (x, y), epochs, rate=3e-3)
    return float(np.mean(np.argmax(net(t), axis=1) == test_labels))


def nearest(x, y, t, test_labels):
    return float(np.mean(y[((x**2).sum(axis=1) - 2 * t @ x.T).argmin(axis=1)] == test_labels))


def spreads(x, y, t, test_labels):
    """The accuracy of label spreading, as a function of which digits have a label."""
    search = NearestNeighbors(n_neighbors=7).fit(x)
    near, near_test = search.kneighbors_graph(), search.kneighbors_graph(t)
    spread = LabelSpreading(kernel=lambda *_: near)

    def accuracy_of(some):
        known = np.full(len(x), -1)
        known[some] = y[some]
        votes = near_test @ spread.fit(x, known).label_distributions_
        return float(np.mean(votes.argmax(axis=1) == test_labels))

    return accuracy_of


def fewer_labels(x, y, t, test_labels):
    layers_before, spreading = belief(tf.constant(x)), spreads(x, y, t, test_labels)
    rows = []
    for count in LABELS:
        accuracies = []
        for draw in range(5):
            tf.keras.utils.set_random_seed(draw)
            some = np.random.default_rng(draw).permutation(len(x))[:count]
            data = (x[some], y[some], t, test_labels)
            accuracies.append([accuracy(layers_before, *data), accuracy([], *data), nearest(*data), spreading(some)])
        rows.append([count, *(f"{value:.3f}" for value in np.mean(accuracies, axis=0))])
        print(rows[-1], flush=True)
    write("fewer-labels.csv", [["labels", "pretrained", "random", "nearest", "spreading"], *rows])


def main():
    (images, labels), (test_images, test_labels) = mnist()
    x, t = (pictures.reshape(-1, 784) / np.float32(255) for pictures in (images, test_images))
    arc()
    kept(x, t)
    digits(x, t, test_labels)
    fewer_labels(x, labels.astype("int64"), t, test_labels)


if __name__ == "__main__":
    main()
