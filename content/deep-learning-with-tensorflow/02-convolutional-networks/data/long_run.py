"""Trains the network of the last lesson for all of its 1,100 steps, which takes minutes, and keeps what the figures show.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/02-convolutional-networks/data/long_run.py

from the root of the product. Writes digits.csv (the first image of each class), long-run.csv (step, accuracy on 50 images
of training, accuracy on the 1,500 of the test) and kernels.csv (the 32 learned kernels, one of 25 numbers a line).
"""

import csv
from pathlib import Path

import numpy as np
import tensorflow as tf

from labs.runner.data.loaders import mnist

FOLDER = Path(__file__).parent
STEPS, BATCH, EVERY = 1_100, 50, 100


def network():
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(1024, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )


def batches(images, labels, steps):
    """The batches of as many epochs as it takes, each digit once in an epoch."""
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    return data.shuffle(len(images), seed=1).repeat().batch(BATCH).take(steps)


def train(model, images, labels, test):
    """Rows of (step, accuracy on the batch before its step, accuracy on the test), every hundred steps."""
    optimizer = tf.keras.optimizers.Adam(1e-4)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    weights = model.trainable_variables

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            error = loss(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(error, weights), weights, strict=True))

    for number, (x, y) in enumerate(batches(images, labels, STEPS + 1)):
        if number % EVERY == 0:
            yield number, accuracy(model, x, y), accuracy(model, *test)
        step(x, y)


def accuracy(model, images, labels):
    return float(np.mean(np.argmax(model.predict(images, verbose=0), axis=1) == labels))


def write(name, rows):
    with (FOLDER / name).open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main():
    tf.keras.utils.set_random_seed(7)
    (images, labels), (test_images, test_labels) = mnist()
    write("digits.csv", [images[np.argmax(labels == digit)].ravel() for digit in range(10)])
    model = network()
    scaled = images[..., None] / np.float32(255)
    test = test_images[..., None] / np.float32(255), test_labels
    rows = [[step, f"{batch:.2f}", f"{held_out:.4f}"] for step, batch, held_out in train(model, scaled, labels, test)]
    write("long-run.csv", [["step", "training", "test"], *rows])
    kernels = np.moveaxis(model.layers[0].get_weights()[0][:, :, 0], -1, 0)
    write("kernels.csv", [[f"{value:.3f}" for value in kernel.ravel()] for kernel in kernels])


if __name__ == "__main__":
    main()
