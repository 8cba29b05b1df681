"""Test two layers and the tiles with new numbers, the shapes of the network, and the training, twice.

First from scratch, with labels that are permuted at random, so weights from elsewhere are of no use. Then the model as the
learner left it: somebody else's weights would pass here, so this test gives few points.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss, Read

SHAPES = [(5, 5, 1, 16), (16,), (5, 5, 16, 32), (32,), (1568, 128), (128,), (128, 10), (10,)]


def images_and_kernels(rng):
    """Return images and kernels with several channels. ReLU cuts off about half of the maps' values."""
    within, without = rng.integers(1, 4), rng.integers(2, 5)
    images = rng.normal(size=(2, 6, 9, within)).astype("float32")
    kernels = rng.normal(size=(3, 5, within, without)).astype("float32")
    return images, kernels, rng.normal(size=without).astype("float32")


def maps(images, kernels, bias, least=0):
    padded = np.pad(images.astype(float), [(0, 0), (1, 1), (2, 2), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 5), axis=(1, 2))
    return np.maximum(np.einsum("nijcab,abco->nijo", windows, kernels) + bias, least)


def activations_and_draws(rng):
    a = rng.normal(size=(4, rng.integers(5, 12))).astype("float32")
    return a, rng.random(a.shape).astype("float32"), float(rng.uniform(0.2, 0.9))


def has_the_shapes(weights):
    found = [np.shape(each) for each in weights]
    if len(found) != len(SHAPES):
        return f"The model has {len(found)} weight arrays; there should be {len(SHAPES)}."
    wrong = [f"{one} instead of {other}" for one, other in zip(found, SHAPES, strict=True) if one != other]
    return f"One shape is {wrong[0]}." if wrong else None


def few_digits_under_other_names(rng):
    """Return 1,000 digits to learn from and all to test on, with permuted labels; no digit keeps its label."""
    names = rng.permutation(10)
    while (names == np.arange(10)).any():
        names = rng.permutation(10)
    (images, labels), (test_images, test_labels) = mnist()
    some = rng.permutation(len(images))[:1000]
    return (images[some], names[labels[some]]), (test_images, names[test_labels])


def the_test_digits(_rng):
    return (), mnist()[1]


def kernels_and_columns(rng):
    columns = int(rng.integers(2, 6))
    height, width = rng.integers(2, 6, 2)
    return rng.normal(size=(height, width, 1, columns * rng.integers(2, 5))).astype("float32"), columns


def tiles(kernels, columns):
    height, width, _, count = kernels.shape
    picture = np.zeros((count // columns * (height + 1), columns * (width + 1)))
    for number in range(count):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        picture[top : top + height, left : left + width] = kernels[:, :, 0, number]
    return picture


def by_columns(kernels, columns):
    """Return the kernels in an order that fills columns if one fills rows."""
    count = kernels.shape[-1]
    return kernels[..., np.arange(count).reshape(columns, count // columns).T.ravel()]


def without_lines(kernels, picture):
    height, width = kernels.shape[:2]
    rows, columns = (np.arange(size) % (each + 1) < each for size, each in zip(picture.shape, (height, width), strict=True))
    return picture[rows][:, columns]


PROBES = [
    Call(
        name="A convolutional layer by hand",
        points=2,
        function="feature_maps",
        draw=images_and_kernels,
        reference=maps,
        tolerance=1e-3,
        message="feature_maps(images, kernels, bias) should convolve with padding SAME, add each kernel's bias, and apply ReLU.",
        near_misses=[
            NearMiss("Your layer has no bias.", lambda images, kernels, bias: maps(images, kernels, 0 * bias)),
            NearMiss(
                "Your layer has no ReLU.",
                lambda images, kernels, bias: maps(images, kernels, bias, least=-np.inf),
            ),
            NearMiss(
                "You added the bias after the ReLU.",
                lambda images, kernels, bias: maps(images, kernels, 0 * bias) + bias,
            ),
            NearMiss(
                "You convolved without padding.",
                lambda images, kernels, bias: maps(images, kernels, bias)[:, 1:-1, 2:-2],
            ),
        ],
    ),
    Call(
        name="Dropout keeps the expected value",
        points=1,
        function="dropped",
        draw=activations_and_draws,
        reference=lambda a, draws, keep: np.where(draws < keep, a / keep, 0),
        tolerance=1e-3,
        message="dropped(a, draws, keep) should return a / keep where the draw is below keep, and 0 elsewhere.",
        near_misses=[
            NearMiss("You did not divide by keep.", lambda a, draws, keep: np.where(draws < keep, a, 0)),
            NearMiss(
                "You kept the entries that should be dropped.",
                lambda a, draws, keep: np.where(draws < keep, 0, a / keep),
            ),
            NearMiss("You multiplied by keep.", lambda a, draws, keep: np.where(draws < keep, a * keep, 0)),
            NearMiss("You divided by 1 − keep.", lambda a, draws, keep: np.where(draws < keep, a / (1 - keep), 0)),
        ],
    ),
    Read(
        name="The network has the layers of the table",
        points=1,
        variable="model.weights",
        accept=has_the_shapes,
        message="network() should have two convolutional and two dense layers, with weights and biases of the sizes in the table.",
    ),
    HeldOut(
        name="The training learns unseen digits",
        points=4,
        function="trained_weights",
        data=few_digits_under_other_names,
        evaluator="held_out.py",
        at_least=0.8,
        message="train(model, images, labels, epochs) should train the model on the digits it receives, and return it.",
    ),
    HeldOut(
        name="Your trained network beats the nearest neighbor",
        points=1,
        variables=("model.weights",),
        data=the_test_digits,
        evaluator="held_out.py",
        at_least=0.955,
        message="The weights of `model` should read unseen digits better than the nearest neighbor does.",
    ),
    Call(
        name="The kernels tiled",
        points=1,
        function="tiled",
        draw=kernels_and_columns,
        reference=tiles,
        tolerance=1e-6,
        message="tiled(kernels, columns) should arrange the kernels in rows, with a line of zeros below and to the right of each.",
        near_misses=[
            NearMiss(
                "You filled the columns first.",
                lambda kernels, columns: tiles(by_columns(kernels, columns), columns),
            ),
            NearMiss(
                "There are no lines of zeros between your tiles.",
                lambda kernels, columns: without_lines(kernels, tiles(kernels, columns)),
            ),
        ],
    ),
]
