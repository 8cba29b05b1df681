"""Trains a perceptron with four faults, and keeps its learning curves for the exercise Diagnose four curves.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/02-convolutional-networks/data/curves.py

from the root of the product. Writes curves.csv: the letter of the training, the epoch, and the mean loss of the epoch on
the training digits and after it on 500 validation digits.
"""

import csv
from pathlib import Path

import numpy as np
import tensorflow as tf

from labs.runner.data.loaders import mnist

FOLDER = Path(__file__).parent
EPOCHS = 20
SGD, ADAM = tf.keras.optimizers.SGD, tf.keras.optimizers.Adam
FAULTS = {  # optimizer, learning rate, number of training digits, and whether they come in the order of their labels
    "A": (SGD, 0.002, 8000, False),
    "B": (ADAM, 0.003, 2000, False),
    "C": (SGD, 0.05, 8000, True),
    "D": (SGD, 1.5, 8000, False),
}


def perceptron(optimizer):
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [tf.keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss)
    return model


def curves(images, labels, optimizer, rate, size, is_sorted):
    """(epoch, training loss, validation loss), the last 500 digits being the validation digits."""
    tf.keras.utils.set_random_seed(3)
    order = np.argsort(labels[:size], kind="stable") if is_sorted else np.arange(size)
    training = perceptron(optimizer(rate)).fit(
        images[order],
        labels[order],
        validation_data=(images[8000:], labels[8000:]),
        batch_size=50,
        epochs=EPOCHS,
        shuffle=not is_sorted,
        verbose=0,
    )
    return zip(range(1, EPOCHS + 1), training.history["loss"], training.history["val_loss"], strict=True)


def main():
    (images, labels), _ = mnist()
    images = images / np.float32(255)
    with (FOLDER / "curves.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for letter, fault in FAULTS.items():
            writer.writerows(
                [letter, epoch, f"{training:.3f}", f"{validation:.3f}"]
                for epoch, training, validation in curves(images, labels, *fault)
            )


if __name__ == "__main__":
    main()
