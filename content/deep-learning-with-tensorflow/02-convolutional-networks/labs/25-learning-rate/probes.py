"""Compare four functions with computations of our own, look at the chosen rate, and train the whole with permuted labels."""

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss, Read


def ends_and_steps(rng):
    return float(10 ** rng.uniform(-5, -2)), float(10 ** rng.uniform(-1, 1)), int(rng.integers(5, 40))


def small_network_and_batches(rng):
    """Return weights, twelve batches, and rates that differ from step to step."""
    inputs, hidden, classes, steps = *rng.integers(4, 9, 3), 12
    weights = [
        rng.normal(0, 0.6, (inputs, hidden)),
        rng.normal(0, 0.1, hidden),
        rng.normal(0, 0.6, (hidden, classes)),
        rng.normal(0, 0.1, classes),
    ]
    x, y = rng.normal(size=(steps, 10, inputs)), rng.integers(0, classes, (steps, 10))
    rates = np.geomspace(rng.uniform(0.02, 0.05), rng.uniform(0.5, 0.9), steps)
    return [each.astype("float32") for each in weights], x.astype("float32"), y, rates


def loss_and_slopes(weights, x, y):
    """Return the mean cross-entropy of a batch and its gradients, by backpropagation."""
    W1, b1, W2, b2 = weights
    a = x @ W1 + b1
    h = np.maximum(a, 0)
    z = h @ W2 + b2
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.mean(np.log(p[rows, y]))
    p[rows, y] -= 1
    slope_z = p / len(y)
    slope_a = slope_z @ W2.T * (a > 0)
    return loss, [x.T @ slope_a, slope_a.sum(axis=0), h.T @ slope_z, slope_z.sum(axis=0)]


def descent(weights, x, y, rates, sign=-1, is_late=False):
    """Return the loss of each batch, before its step, or after it if the recording is late."""
    weights, losses = [each.astype(float) for each in weights], []
    for images, labels, rate in zip(x.astype(float), y, rates, strict=True):
        loss, slopes = loss_and_slopes(weights, images, labels)
        weights = [each + sign * rate * slope for each, slope in zip(weights, slopes, strict=True)]
        losses.append(loss_and_slopes(weights, images, labels)[0] if is_late else loss)
    return np.array(losses)


def noisy_losses(rng):
    steps = rng.integers(20, 60)
    return rng.uniform(0.5, 3, steps), float(rng.uniform(0.6, 0.95))


def moving(losses, keep, first=0.0):
    """Return the moving averages without the correction, which begin with a value before the first loss."""
    averages = [first]
    for loss in losses:
        averages.append(keep * averages[-1] + (1 - keep) * loss)
    return np.array(averages[1:])


def smoothed(losses, keep):
    return moving(losses, keep) / (1 - keep ** np.arange(1, len(losses) + 1))


def test_of_rates(rng):
    """Return the rates and the smoothed losses of a range test.

    At first, the loss is a little above its first value, as with noise. Then it falls, and in the end it is far above.
    """
    steps = int(rng.integers(60, 120))
    rates = np.geomspace(10 ** rng.uniform(-5, -3), 10 ** rng.uniform(0.5, 1.5), steps)
    flat, lowest, failed = (np.array([0.3, 0.7, 0.85]) * steps + rng.integers(-4, 5, 3)).astype(int)
    knots = [0, 1, flat, lowest, failed, steps - 1]
    heights = [2.3, 2.35, 2.32, rng.uniform(0.3, 0.8), rng.uniform(2, 2.2), rng.uniform(6, 12)]
    return rates, np.interp(np.arange(steps), knots, heights)


def failing(rates, smooth, after):
    """Return the first rate at which the loss is above its first value, counted from a position."""
    return rates[after + np.argmax(smooth[after:] > smooth[0])]


def is_moderate(rate):
    if rate.shape != ():
        return "It is not one number."
    if rate < 0.1:
        return "This rate is too low: after three epochs the network is far from done."
    return None if rate <= 1 else "This rate is too high: with it, the training fails or nearly fails."


def step_while_warming_up(rng):
    steps, warm_up = int(rng.integers(100, 500)), int(rng.integers(20, 60))
    return int(rng.integers(1, warm_up - 1)), steps, warm_up, float(rng.uniform(0.1, 2))


def step_afterward(rng):
    steps, warm_up = int(rng.integers(200, 500)), int(rng.integers(20, 60))
    return int(rng.integers(warm_up + 20, steps - 20)), steps, warm_up, float(rng.uniform(0.1, 2))


def cosine(step, steps, warm_up, peak):
    return peak / 2 * (1 + np.cos(np.pi * (step - warm_up) / (steps - warm_up)))


def digits_under_other_names(rng):
    """Return training and test digits with permuted labels; no digit keeps its label."""
    names = rng.permutation(10)
    while (names == np.arange(10)).any():
        names = rng.permutation(10)
    (images, labels), (test_images, test_labels) = mnist()
    some = rng.permutation(len(images))[:8000]
    return (images[some], names[labels[some]]), (test_images, names[test_labels])


PROBES = [
    Call(
        name="The rates grow by one factor",
        points=1,
        function="growing_rates",
        draw=ends_and_steps,
        reference=np.geomspace,
        tolerance=1e-3,
        relative=True,
        message="growing_rates(lowest, highest, steps) should begin with lowest, end with highest, and multiply by one factor.",
        near_misses=[
            NearMiss("Your rates grow by the same difference, not by the same factor.", np.linspace),
            NearMiss(
                "Your last rate is one step short of highest: there are steps − 1 multiplications.",
                lambda lowest, highest, steps: np.geomspace(lowest, highest, steps + 1)[:-1],
            ),
            NearMiss(
                "You returned the logarithms of the rates.",
                lambda lowest, highest, steps: np.linspace(np.log10(lowest), np.log10(highest), steps),
            ),
        ],
    ),
    Call(
        name="The descent uses a rate for each step",
        points=3,
        function="recorded_losses",
        draw=small_network_and_batches,
        reference=descent,
        tolerance=1e-3,
        message="descend(variables, x, y, rates) should record the loss of batch x[i], y[i], then step with rates[i].",
        near_misses=[
            NearMiss("You recorded the loss after the step.", lambda *inputs: descent(*inputs, is_late=True)),
            NearMiss(
                "Every step uses the first rate.",
                lambda weights, x, y, rates: descent(weights, x, y, np.full(len(rates), rates[0])),
            ),
            NearMiss("You added the gradient instead of subtracting it.", lambda *inputs: descent(*inputs, sign=1)),
            NearMiss("The variables never change.", lambda *inputs: descent(*inputs, sign=0)),
            NearMiss(
                "Every step uses the first batch.",
                lambda weights, x, y, rates: descent(weights, x[[0] * len(x)], y[[0] * len(y)], rates),
            ),
        ],
    ),
    Call(
        name="The moving average is corrected",
        points=2,
        function="smoothed",
        draw=noisy_losses,
        reference=smoothed,
        tolerance=1e-3,
        message="smoothed(losses, keep) should return a_i / (1 − keep^i), where a_i = keep · a_(i−1) + (1 − keep) · L_i and a_0 = 0.",
        near_misses=[
            NearMiss("You did not divide by 1 − keep^i.", moving),
            NearMiss(
                "You exchanged keep and 1 − keep.",
                lambda losses, keep: smoothed(losses, 1 - keep),
            ),
            NearMiss(
                "You began with the first loss in place of 0, and did not divide.",
                lambda losses, keep: moving(losses, keep, first=losses[0]),
            ),
            NearMiss(
                "Your exponent is one too small for the steps after the first.",
                lambda losses, keep: moving(losses, keep) / (1 - keep ** np.maximum(np.arange(len(losses)), 1)),
            ),
        ],
    ),
    Call(
        name="A quarter of the rate at which training fails",
        points=2,
        function="suggested_rate",
        draw=test_of_rates,
        reference=lambda rates, smooth: failing(rates, smooth, np.argmin(smooth)) / 4,
        tolerance=1e-3,
        relative=True,
        message="suggested_rate(rates, smooth) should be a quarter of the first rate after the lowest loss with a loss above smooth[0].",
        near_misses=[
            NearMiss(
                "You did not divide by four.",
                lambda rates, smooth: failing(rates, smooth, np.argmin(smooth)),
            ),
            NearMiss(
                "You took a quarter of the rate with the lowest loss.",
                lambda rates, smooth: rates[np.argmin(smooth)] / 4,
            ),
            NearMiss("You took the rate with the lowest loss.", lambda rates, smooth: rates[np.argmin(smooth)]),
            NearMiss(
                "You searched from the first step on, where noise lifts the loss above smooth[0].",
                lambda rates, smooth: failing(rates, smooth, 0) / 4,
            ),
        ],
    ),
    Read(
        name="The suggested rate trains well",
        points=1,
        variable="rate",
        accept=is_moderate,
        message="rate should come from your range test on the training digits.",
    ),
    Call(
        name="The schedule warms up",
        points=1,
        function="scheduled_rate",
        draw=step_while_warming_up,
        reference=lambda step, steps, warm_up, peak: peak * (step + 1) / warm_up,
        tolerance=1e-4,
        message="scheduled_rate(step, steps, warm_up, peak) should be peak · (step + 1) / warm_up while step < warm_up.",
        near_misses=[
            NearMiss("Your first step has the rate 0.", lambda step, steps, warm_up, peak: peak * step / warm_up),
            NearMiss("There is no warm-up: the rate is the peak.", lambda step, steps, warm_up, peak: peak),
            NearMiss("Your cosine begins at step 0, without a warm-up.", lambda step, steps, warm_up, peak: cosine(step, steps, 0, peak)),
        ],
    ),
    Call(
        name="The schedule falls along a cosine",
        points=2,
        function="scheduled_rate",
        draw=step_afterward,
        reference=cosine,
        tolerance=1e-4,
        message="After the warm-up, the rate should fall from the peak to 0 along half a cosine, which ends at the last step.",
        near_misses=[
            NearMiss(
                "Your cosine counts from step 0, not from the end of the warm-up.",
                lambda step, steps, warm_up, peak: cosine(step, steps, 0, peak),
            ),
            NearMiss(
                "You divided by all steps, so the rate does not reach 0.",
                lambda step, steps, warm_up, peak: cosine(step - warm_up, steps, 0, peak),
            ),
            NearMiss(
                "Your rate falls along a line.",
                lambda step, steps, warm_up, peak: peak * (steps - step) / (steps - warm_up),
            ),
            NearMiss(
                "You did not add 1 to the cosine, so the rate becomes negative.",
                lambda step, steps, warm_up, peak: cosine(step, steps, warm_up, peak) - peak / 2,
            ),
        ],
    ),
    HeldOut(
        name="Range test and schedule train a network",
        points=2,
        function="trained_weights",
        data=digits_under_other_names,
        evaluator="held_out.py",
        at_least=0.9,
        message="train(images, labels) should find a rate on the digits that it receives, and train with your schedule.",
    ),
]
