"""The parts of the loss with new numbers, and a training from scratch whose loss is computed here, with new noise.

The pixels of all digits are shuffled by a random permutation, so that weights trained elsewhere are useless.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def clouds(rng):
    shape = rng.integers(3, 7, 2)
    return rng.normal(size=shape).astype("float32"), rng.normal(0, 0.8, shape).astype("float32")


def clouds_and_noise(rng):
    m, log_variance = clouds(rng)
    return m, log_variance, rng.normal(size=m.shape).astype("float32")


def apart(m, log_variance):
    """Return the divergence of each number of a code."""
    return (m**2 + np.exp(log_variance) - 1 - log_variance) / 2


def images_and_seen(rng):
    """Some outputs are exactly 0 or 1, and not always where the image is."""
    x = rng.random((5, 12)).astype("float32")
    seen = rng.uniform(0.05, 0.95, x.shape).astype("float32")
    seen[0, :3], x[0, :3] = (0, 1, 0), (0, 1, 0.5)
    return x, seen


def cross_entropy(x, seen):
    seen = np.clip(seen.astype(float), 1e-6, 1 - 1e-6)
    return -(x * np.log(seen) + (1 - x) * np.log(1 - seen)).sum(axis=1)


def pair_and_images(rng):
    """Weights whose decoder ignores the code, so that the loss does not depend on the learner's noise."""
    shapes = ((784, 256), (256,), (256, 16), (16,), (8, 256), (256,), (256, 784), (784,))
    scales = (0.05, 1, 0.05, 1, 0, 1, 0.05, 1)
    weights = [scale * rng.normal(size=shape).astype("float32") for scale, shape in zip(scales, shapes, strict=True)]
    return weights, rng.random((20, 784)).astype("float32")


def both_parts(weights, x):
    """Return reconstruction loss and divergence of each image."""
    W1, b1, W2, b2, _, b3, W4, b4 = (each.astype(float) for each in weights)
    m, log_variance = np.split(np.maximum(x @ W1 + b1, 0) @ W2 + b2, 2, axis=1)
    seen = 1 / (1 + np.exp(-(np.maximum(b3, 0) @ W4 + b4)))
    return cross_entropy(x, np.tile(seen, (len(x), 1))), apart(m, log_variance).sum(axis=1)


def loss_of_both(weights, x, beta=1):
    pixels, divergence = both_parts(weights, x)
    return np.mean(pixels + beta * divergence)


def ends_and_steps(rng):
    size = rng.integers(2, 9)
    return rng.normal(size=size), rng.normal(size=size), int(rng.integers(3, 12))


def shuffled_digits(rng):
    """Rows for training; unseen rows, noise for their codes, and the loss of the mean image on them."""
    order = rng.permutation(784)
    (train, _), (test, _) = mnist()
    train, test = train.reshape(-1, 784)[:, order], test.reshape(-1, 784)[:, order]
    average = np.tile(train.mean(axis=0) / 255, (len(test), 1))
    worst = cross_entropy(test / 255, np.clip(average, 1e-4, 1)).mean()
    return (train,), (test, rng.normal(size=(len(test), 8)), worst)


PROBES = [
    Call(
        name="The code is the mean plus the standard deviation times noise",
        points=1,
        function="noisy_code",
        draw=clouds_and_noise,
        reference=lambda m, log_variance, noise: m + np.exp(log_variance / 2) * noise,
        tolerance=1e-4,
        message="noisy_code(m, log_variance, noise) returns m + exp(log_variance / 2) · noise.",
        near_misses=[
            NearMiss(
                "You multiplied by the variance instead of the standard deviation.",
                lambda m, log_variance, noise: m + np.exp(log_variance) * noise,
            ),
            NearMiss(
                "You multiplied by the logarithm of the variance.",
                lambda m, log_variance, noise: m + log_variance * noise,
            ),
            NearMiss("Your code has no noise.", lambda m, log_variance, noise: m),
        ],
    ),
    Call(
        name="The divergence",
        points=2,
        function="divergence",
        draw=clouds,
        reference=lambda m, log_variance: apart(m, log_variance).sum(axis=1),
        tolerance=1e-3,
        message="divergence(m, log_variance) returns half the sum of m² + exp(v) − 1 − v over each row.",
        near_misses=[
            NearMiss(
                "You took the mean of each row, not its sum.",
                lambda m, log_variance: apart(m, log_variance).mean(axis=1),
            ),
            NearMiss("You did not halve the sum.", lambda m, log_variance: 2 * apart(m, log_variance).sum(axis=1)),
            NearMiss("You added up the whole batch.", lambda m, log_variance: apart(m, log_variance).sum()),
            NearMiss("You added up each column.", lambda m, log_variance: apart(m, log_variance).sum(axis=0)),
            NearMiss("The sign is wrong.", lambda m, log_variance: -apart(m, log_variance).sum(axis=1)),
        ],
    ),
    Call(
        name="The reconstruction loss",
        points=2,
        function="pixel_cost",
        draw=images_and_seen,
        reference=cross_entropy,
        tolerance=0.05,
        message="pixel_cost(x, seen) returns the cross-entropy of each row, a sum over its pixels, with seen clipped away from 0 and 1.",
        near_misses=[
            NearMiss(
                "You took the mean of the pixels, not their sum.",
                lambda x, seen: cross_entropy(x, seen) / x.shape[1],
            ),
            NearMiss(
                "You left out the white pixels, (1 − x) · ln(1 − seen).",
                lambda x, seen: -(x * np.log(np.clip(seen.astype(float), 1e-6, 1))).sum(axis=1),
            ),
            NearMiss("The minus is missing.", lambda x, seen: -cross_entropy(x, seen)),
            NearMiss("You computed the squared error.", lambda x, seen: ((x - seen) ** 2).sum(axis=1)),
        ],
    ),
    Call(
        name="The loss adds both parts, each once",
        points=2,
        function="loss_with",
        draw=pair_and_images,
        reference=loss_of_both,
        tolerance=0.1,
        rounds=2,
        message="loss_of(encoder, decoder, x) returns the mean of reconstruction loss plus divergence, one number.",
        near_misses=[
            NearMiss("Your loss leaves out the divergence.", lambda weights, x: loss_of_both(weights, x, beta=0)),
            NearMiss("Your loss multiplies the divergence by 3.", lambda weights, x: loss_of_both(weights, x, beta=3)),
            NearMiss("You subtracted the divergence.", lambda weights, x: loss_of_both(weights, x, beta=-1)),
            NearMiss("You returned one number for each image.", lambda weights, x: sum(both_parts(weights, x))),
            NearMiss("You added up the images instead of taking their mean.", lambda weights, x: np.sum(both_parts(weights, x))),
        ],
    ),
    HeldOut(
        name="The loss on unseen digits is lower than that of the mean image",
        points=2,
        function="trained_weights",
        data=shuffled_digits,
        evaluator="held_out.py",
        at_least=0.25,
        message="loss_of(encoder, decoder, x) returns the mean of reconstruction loss plus divergence, and train_pair minimizes it.",
    ),
    Call(
        name="A walk between two codes",
        points=1,
        function="walk",
        draw=ends_and_steps,
        reference=np.linspace,
        tolerance=1e-4,
        message="walk(start, end, steps) returns evenly spaced codes from start to end, both included.",
        near_misses=[
            NearMiss(
                "Your walk does not include the end.",
                lambda start, end, steps: np.linspace(start, end, steps, endpoint=False),
            ),
            NearMiss("You walk from the end to the start.", lambda start, end, steps: np.linspace(end, start, steps)),
            NearMiss("Your walk has one code too many.", lambda start, end, steps: np.linspace(start, end, steps + 1)),
        ],
    ),
]
