"""Small RBMs with new parameters, images and random numbers; then training on digits whose pixels are shuffled.

Shuffling makes weights that were trained elsewhere useless, and makes no difference to an RBM that is trained here.
"""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def logistic(z):
    return 1 / (1 + np.exp(-z))


def floats(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def bits(rng, *shape):
    return rng.integers(0, 2, shape).astype("float32")


def uniform(rng, *shape):
    return rng.random(shape).astype("float32")


def batch(rng):
    """(images, weights, visible, hidden) of some small RBM."""
    images, pixels, units = rng.integers(3, 9), rng.integers(4, 9), rng.integers(2, 4)
    return bits(rng, images, pixels), floats(rng, pixels, units), floats(rng, pixels), floats(rng, units)


def upward(rng):
    v, weights, _, hidden = batch(rng)
    return v, weights, hidden


def downward(rng):
    v, weights, visible, _ = batch(rng)
    return bits(rng, len(v), weights.shape[1]), weights, visible


def probabilities_and_uniform(rng):
    return uniform(rng, 6, 5), uniform(rng, 6, 5)


def chain(rng):
    v, weights, visible, hidden = batch(rng)
    return v, uniform(rng, len(v), len(hidden)), uniform(rng, *v.shape), weights, visible, hidden


def after_gibbs(v, hidden_uniform, visible_uniform, weights, visible, hidden, sampled=True):
    h = logistic(v @ weights + hidden)
    h = hidden_uniform < h if sampled else h
    return (visible_uniform < logistic(h @ weights.T + visible)) * 1.0


def pixels_not_sampled(v, hidden_uniform, visible_uniform, weights, visible, hidden):
    return logistic((hidden_uniform < logistic(v @ weights + hidden)) @ weights.T + visible)


def of_free_energy(v, weights, visible, hidden):
    return -(v @ visible) - np.logaddexp(0, v @ weights + hidden).sum(axis=1)


def step(rng):
    v, weights, visible, hidden = batch(rng)
    return v, uniform(rng, len(v), len(hidden)), weights, visible, hidden, float(rng.uniform(0.1, 1))


def after_step(v0, drawn, weights, visible, hidden, rate, sampled=True, is_mean=True):
    h0 = logistic(v0 @ weights + hidden)
    v1 = logistic((drawn < h0 if sampled else h0) @ weights.T + visible)
    h1 = logistic(v1 @ weights + hidden)
    together = (v0.T @ h0 - v1.T @ h1) / (len(v0) if is_mean else 1)
    return weights + rate * together, visible + rate * (v0 - v1).mean(axis=0), hidden + rate * (h0 - h1).mean(axis=0)


def steps_agree(answer, *inputs):
    for name, given, right in zip(("weights", "visible biases", "hidden biases"), answer, after_step(*inputs), strict=True):
        if given.shape != right.shape:
            return f"The {name} have the shape {given.shape} but should have {right.shape}."
        if np.abs(given - right).max() > 1e-3:
            return f"The new {name} are off by up to {np.abs(given - right).max():.3g}."
    return None


def mixed_digits(rng):
    (images, _), _ = mnist()
    chosen = images[rng.permutation(len(images))[:3500]].reshape(-1, 784)[:, rng.permutation(784)] > 127
    chosen = chosen.astype("float32")
    seen, unseen = chosen[:2500], chosen[2500:]
    return (seen, 64), (unseen, seen.mean(axis=0))


def images_and_count(rng):
    pixels = rng.integers(6, 10)
    mixing = floats(rng, pixels, pixels)
    return floats(rng, 40, pixels) @ mixing, floats(rng, 7, pixels) @ mixing, int(rng.integers(1, 5))


def directions(train, count):
    return np.linalg.svd(train - train.mean(axis=0), full_matrices=False)[2][:count].T


def rebuilt(train, images, count):
    mean, found = train.mean(axis=0), directions(train, count)
    return mean + (images - mean) @ found @ found.T


PROBES = [
    Call(
        name="Up: the probabilities of the hidden units",
        points=1,
        function="up",
        draw=upward,
        reference=lambda v, weights, hidden: logistic(v @ weights + hidden),
        tolerance=1e-4,
        message="up(v, weights, hidden) is the logistic function of v · weights + hidden, a row for each image.",
        near_misses=[
            NearMiss("Your units have no biases.", lambda v, weights, hidden: logistic(v @ weights)),
            NearMiss(
                "You returned the inputs of the units, without the logistic function.",
                lambda v, weights, hidden: v @ weights + hidden,
            ),
            NearMiss(
                "You returned the probabilities of being off.",
                lambda v, weights, hidden: 1 - logistic(v @ weights + hidden),
            ),
        ],
    ),
    Call(
        name="Down: the probabilities of the pixels",
        points=1,
        function="down",
        draw=downward,
        reference=lambda h, weights, visible: logistic(h @ weights.T + visible),
        tolerance=1e-4,
        message="down(h, weights, visible) uses the same weights, transposed, and the visible biases.",
        near_misses=[
            NearMiss("Your pixels have no biases.", lambda h, weights, visible: logistic(h @ weights.T)),
            NearMiss(
                "You returned the inputs of the pixels, without the logistic function.",
                lambda h, weights, visible: h @ weights.T + visible,
            ),
        ],
    ),
    Call(
        name="Sampling units",
        points=1,
        function="draw",
        draw=probabilities_and_uniform,
        reference=lambda p, drawn: (drawn < p) * 1.0,
        message="draw(p, uniform) is 1.0 where the random number is below the probability, and 0.0 elsewhere.",
        near_misses=[
            NearMiss(
                "Your units are on where the random number is above the probability.",
                lambda p, drawn: (drawn > p) * 1.0,
            ),
            NearMiss(
                "You compared the probability with 0.5 instead of the random number.",
                lambda p, drawn: (p > 0.5) * 1.0,
            ),
        ],
    ),
    Call(
        name="A Gibbs step",
        points=2,
        function="gibbs_step",
        draw=chain,
        reference=after_gibbs,
        message="gibbs_step samples the hidden units with hidden_uniform, and from them the visible units with visible_uniform.",
        near_misses=[
            NearMiss(
                "You sent the hidden probabilities down instead of samples.",
                lambda *given: after_gibbs(*given, sampled=False),
            ),
            NearMiss(
                "You returned the probabilities of the pixels instead of samples.",
                pixels_not_sampled,
            ),
        ],
    ),
    Call(
        name="The free energy of images",
        points=2,
        function="free_energy",
        draw=batch,
        reference=of_free_energy,
        tolerance=1e-3,
        message="free_energy(v, weights, visible, hidden) returns F(v), one number for each image.",
        near_misses=[
            NearMiss("The sign is wrong.", lambda *given: -of_free_energy(*given)),
            NearMiss(
                "Your free energy leaves out the visible biases.",
                lambda v, weights, visible, hidden: of_free_energy(v, weights, 0 * visible, hidden),
            ),
            NearMiss(
                "You added up the inputs of the hidden units, without the softplus.",
                lambda v, weights, visible, hidden: -(v @ visible) - (v @ weights + hidden).sum(axis=1),
            ),
        ],
    ),
    Call(
        name="A step of contrastive divergence",
        points=3,
        function="contrastive_step",
        draw=step,
        accept=steps_agree,
        tolerance=1e-3,
        message="contrastive_step returns the new weights, visible and hidden biases after one step with these random numbers.",
        near_misses=[
            NearMiss(
                "You sent the hidden probabilities down instead of samples.",
                lambda *given: after_step(*given, sampled=False),
            ),
            NearMiss(
                "Your step goes down instead of up: the phases are exchanged.",
                lambda *given: after_step(*given[:-1], -given[-1]),
            ),
            NearMiss(
                "Your weights change by the sum over the batch, not by the mean.",
                lambda *given: after_step(*given, is_mean=False),
            ),
            NearMiss(
                "You returned the changes instead of the new parameters.",
                lambda *given: tuple(new - old for new, old in zip(after_step(*given), given[2:5], strict=True)),
            ),
        ],
    ),
    HeldOut(
        name="Trained on shuffled digits, it rebuilds unseen ones from 64 bits",
        points=3,
        function="train",
        data=mixed_digits,
        evaluator="held_out.py",
        at_least=0.45,
        message="train(images, count) returns weights, visible and hidden biases that remove 45 % of the mean image's error.",
    ),
    Call(
        name="The baseline: principal components",
        points=2,
        function="by_components",
        draw=images_and_count,
        reference=rebuilt,
        tolerance=1e-2,
        message="by_components(train_images, images, count) rebuilds images from count directions found in train_images.",
        near_misses=[
            NearMiss(
                "You did not add the mean again.",
                lambda train, images, count: rebuilt(train, images, count) - train.mean(axis=0),
            ),
            NearMiss(
                "You did not subtract the mean.",
                lambda train, images, count: images @ directions(train, count) @ directions(train, count).T,
            ),
            NearMiss(
                "You took the mean of the images that you rebuilt, not that of train_images.",
                lambda train, images, count: rebuilt(train - train.mean(axis=0) + images.mean(axis=0), images, count),
            ),
            NearMiss(
                "You used one direction too many.",
                lambda train, images, count: rebuilt(train, images, count + 1),
            ),
        ],
    ),
]
