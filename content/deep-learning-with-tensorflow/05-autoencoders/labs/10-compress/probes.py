"""Three functions with new numbers, and two trainings from scratch, judged on the test digits.

The pixels of all digits are shuffled by a random permutation, so that weights trained elsewhere are useless.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def tied_network(rng):
    inputs, units = rng.integers(5, 9), rng.integers(2, 5)
    shapes = ((6, inputs), (inputs, units), (units,), (inputs,))
    return tuple(rng.normal(size=shape).astype("float32") for shape in shapes)


def logistic(z):
    return 1 / (1 + np.exp(-z))


def tied(x, W, b, c):
    return logistic(np.maximum(x @ W + b, 0) @ W.T + c)


def rows_and_rebuilt(rng):
    x = rng.normal(2, 1, (rng.integers(6, 12), rng.integers(3, 8)))
    return x, x + rng.normal(0, rng.uniform(0.1, 0.9), x.shape)


def kept(x, rebuilt):
    return 1 - ((x - rebuilt) ** 2).sum() / ((x - x.mean(axis=0)) ** 2).sum()


def images_and_draws(rng):
    images = rng.uniform(0.1, 1, (4, 20)).astype("float32")
    return images, rng.random(images.shape).astype("float32"), float(rng.uniform(0.2, 0.8))


def shuffled_digits(rng):
    order = rng.permutation(784)
    (train, _), (test, _) = mnist()
    return train.reshape(-1, 784)[:, order], test.reshape(-1, 784)[:, order]


def whole_digits(rng):
    train, test = shuffled_digits(rng)
    x = test / 255
    return (train,), (test, test, np.mean((x - x.mean(axis=0)) ** 2))


def damaged_digits(rng):
    train, test = shuffled_digits(rng)
    given = test * (rng.random(test.shape) < 0.5).astype(np.uint8)
    return (train,), (given, test, np.mean((given / 255 - test / 255) ** 2))


PROBES = [
    Call(
        name="An autoencoder with tied weights",
        points=2,
        function="rebuilt_tied",
        draw=tied_network,
        reference=tied,
        tolerance=1e-4,
        message="rebuilt_tied(x, W, b, c) returns sigmoid(z · Wᵀ + c) for the code z = ReLU(x · W + b).",
        near_misses=[
            NearMiss("Your code has no ReLU.", lambda x, W, b, c: logistic((x @ W + b) @ W.T + c)),
            NearMiss("Your output has no sigmoid.", lambda x, W, b, c: np.maximum(x @ W + b, 0) @ W.T + c),
            NearMiss("Your output has no bias.", lambda x, W, b, c: tied(x, W, b, 0 * c)),
            NearMiss("Your code has no bias.", lambda x, W, b, c: tied(x, W, 0 * b, c)),
        ],
    ),
    Call(
        name="The variance kept",
        points=1,
        function="kept_variance",
        draw=rows_and_rebuilt,
        reference=kept,
        tolerance=1e-3,
        message="kept_variance(x, rebuilt) is 1 minus the squared error divided by the squared distance from the mean of the rows.",
        near_misses=[
            NearMiss("That is the variance lost.", lambda x, rebuilt: 1 - kept(x, rebuilt)),
            NearMiss(
                "You measured the distance from one mean of all numbers, not from the mean of the rows.",
                lambda x, rebuilt: 1 - ((x - rebuilt) ** 2).sum() / ((x - x.mean()) ** 2).sum(),
            ),
            NearMiss(
                "You divided by the sum of squares without subtracting the mean.",
                lambda x, rebuilt: 1 - ((x - rebuilt) ** 2).sum() / (x**2).sum(),
            ),
        ],
    ),
    Call(
        name="The damage",
        points=1,
        function="damaged",
        draw=images_and_draws,
        reference=lambda images, draws, share: np.where(draws < share, 0, images),
        tolerance=1e-5,
        message="damaged(images, draws, share) is 0 where the random number is below share, and the pixel elsewhere.",
        near_misses=[
            NearMiss(
                "You kept the pixels that should be damaged.",
                lambda images, draws, share: np.where(draws < share, images, 0),
            ),
            NearMiss(
                "Your damaged pixels are 1 instead of 0.",
                lambda images, draws, share: np.where(draws < share, 1, images),
            ),
            NearMiss(
                "You divided the other pixels, as dropout does.",
                lambda images, draws, share: np.where(draws < share, 0, images / (1 - share)),
            ),
        ],
    ),
    HeldOut(
        name="Compressed digits beat PCA",
        points=3,
        function="train_autoencoder",
        data=whole_digits,
        evaluator="held_out.py",
        at_least=0.76,
        message="train_autoencoder(images) returns the eight arrays of a network that rebuilds images given as bytes.",
    ),
    HeldOut(
        name="Damaged digits are repaired",
        points=3,
        function="train_denoiser",
        data=damaged_digits,
        evaluator="held_out.py",
        at_least=0.5,
        message="train_denoiser(images) returns the eight arrays of a network that repairs damaged images.",
    ),
]
