"""Train the network that reads a drawn digit in lesson 1, and write static/networks/digit-reader.json.

    PYTHONPATH=. python content/deep-learning-with-tensorflow/01-introduction/data/digit_reader.py

from the root of the product; it takes some minutes. It is a small convolutional network, as module 2 builds them. In each
epoch, the digits are turned, slanted, stretched, moved and made bolder or thinner at random, because nobody draws on a
screen as people wrote on the paper forms of MNIST. The file has each weight as one of 64 characters, and how many of the
held-out digits the network reads correctly with these rounded weights.
"""

import json
import string
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy import ndimage

from labs.runner.data.loaders import mnist

NETWORK = Path(__file__).parents[4] / "static" / "networks" / "digit-reader.json"
CHARACTERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/"  # −32 to 31
EPOCHS, BATCH, RATE = 60, 64, 3e-3


def network():
    return tf.keras.Sequential([
        tf.keras.layers.Input((28, 28, 1)),
        tf.keras.layers.Conv2D(10, 5, strides=2, activation="relu"),
        tf.keras.layers.Conv2D(16, 3, activation="relu"),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dropout(0.3),
        tf.keras.layers.Dense(10),
    ])  # fmt: skip


def varied(random, image):
    """One digit, from 0 to 1, turned, slanted, stretched, moved, and with another stroke."""
    turn, slant = random.uniform(-0.25, 0.25), random.uniform(-0.3, 0.3)
    across, down = random.uniform(0.85, 1.25, 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    table = rotation @ np.array([[down, 0], [slant, across]])
    middle = np.full(2, 13.5)
    moved = ndimage.affine_transform(image, table, middle - table @ (middle + random.uniform(-2, 2, 2)), order=1)
    stroke = random.integers(4)
    if stroke == 0:
        moved = np.maximum(moved, 0.7 * ndimage.grey_dilation(moved, size=(2, 2)))
    if stroke == 1:
        moved = np.minimum(moved, 0.3 + ndimage.grey_erosion(moved, size=(2, 2)))
    return moved


def train(images, labels):
    tf.keras.utils.set_random_seed(4)
    random, model = np.random.default_rng(4), network()
    steps = EPOCHS * -(-len(images) // BATCH)
    rate = tf.keras.optimizers.schedules.CosineDecay(RATE, steps)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(rate), loss)
    for epoch in range(EPOCHS):
        drawn = np.stack([varied(random, image) for image in images])[..., None]
        history = model.fit(drawn, labels, batch_size=BATCH, verbose=0)
        print("epoch", epoch + 1, "loss", round(history.history["loss"][-1], 4), flush=True)
    return model


def rounded(layer):
    """The step, and each weight and bias as a number of steps from −31 to 31."""
    values = np.concatenate([variable.numpy().ravel() for variable in (layer.kernel, layer.bias)])
    step = float(f"{np.abs(values).max() / 31:.4g}")
    counts = np.rint(values / step).clip(-31, 31).astype(int)
    kernel, bias = np.split(counts * step, [layer.kernel.numpy().size])
    layer.set_weights([kernel.reshape(layer.kernel.shape), bias])
    return {"scale": step, "weights": "".join(CHARACTERS[count + 32] for count in counts)}


def main():
    (images, labels), (test_images, test_labels) = mnist()
    model = train(images.astype("float32") / 255, labels)
    first, second, _, _, _, last = model.layers
    layers = [
        {"inputs": 1, "outputs": 10, "size": 5, "stride": 2, "pool": 1, **rounded(first)},
        {"inputs": 10, "outputs": 16, "size": 3, "stride": 1, "pool": 2, **rounded(second)},
        {"inputs": 16, "outputs": 10, "size": 5, "stride": 1, "pool": 1, **rounded(last)},
    ]
    scores = model.predict(test_images[..., None].astype("float32") / 255, verbose=0)
    right = int(np.sum(scores.argmax(axis=1) == test_labels))
    print("right", right, "of", len(test_labels))
    NETWORK.write_text(json.dumps({"held_out": len(test_labels), "right": right, "layers": layers}) + "\n")


if __name__ == "__main__":
    main()
