"""Call the functions with new inputs, and score the line that `fit` finds on points that it never saw.

Lines, polynomials and exponentials are drawn at random, so knowing those of the lab does not help.
"""

import numpy as np

from labs.runner.judge.authoring import Call, HeldOut, NearMiss


def line_and_points(rng):
    return rng.normal(size=20).astype("float32"), float(rng.uniform(-4, 4)), float(rng.uniform(-4, 4))


def heights_and_predictions(rng):
    return rng.normal(size=30).astype("float32"), rng.normal(size=30).astype("float32")


def noisy_points(rng):
    """Return points with x in −1…1 as in the lab, so that its learning rate converges."""
    x = rng.uniform(-1, 1, 100).astype("float32")
    slope, intercept = rng.uniform(-3, 3, 2)
    return x, (slope * x + intercept + rng.normal(0, 0.05, 100)).astype("float32")


def seen_and_unseen(rng):
    """Return points to learn from, and exact points of the same line to be scored on."""
    slope, intercept = rng.uniform(1, 3, 2)
    x, unseen = rng.uniform(-1, 1, 100).astype("float32"), rng.uniform(-2, 2, 200).astype("float32")
    y = (slope * x + intercept + rng.normal(0, 0.05, 100)).astype("float32")
    return (x, y), (unseen, (slope * unseen + intercept).astype("float32"))


def bent_points(rng):
    """Return points around a polynomial, and its degree, which the learner's code is told."""
    x, degree = rng.uniform(-1.5, 1.5, 40), int(rng.integers(2, 6))
    return x, np.polyval(rng.normal(size=degree + 1), x) + rng.normal(0, 0.2, 40), degree


def two_halves(rng):
    """Return sixty points around a polynomial of degree 2 to 5, every second one held out."""
    x = np.linspace(-2, 2, 60)
    y = np.polyval(rng.choice([-1, 1], rng.integers(3, 7)) * rng.uniform(0.5, 1.5), x) + rng.normal(0, 0.5, 60)
    return x[::2], y[::2], x[1::2], y[1::2]


def held_out_errors(x, y, x_held, y_held):
    return [np.mean((np.polyval(np.polyfit(x, y, degree), x_held) - y_held) ** 2) for degree in range(1, 9)]


def errs_least(degree, *halves):
    """Accept the best degree, and any other that is equally good to three digits."""
    errors = held_out_errors(*halves)
    if degree.shape != () or degree not in range(1, 9):
        return "Return one integer from 1 to 8."
    return None if errors[int(degree) - 1] <= 1.001 * min(errors) else "Another degree has a smaller error on the held-out points."


def least_training_error(x, y, *held):
    errors = [np.mean((np.polyval(np.polyfit(x, y, degree), x) - y) ** 2) for degree in range(1, 9)]
    return 1 + np.argmin(errors)


def by_logarithms(x, y):
    b, log_a = np.polyfit(x, np.log(y), 1)
    return [np.exp(log_a), b]


def best_exponential(x, y):
    """Return the a and b with the smallest squared error, by the Gauss–Newton method, from the line through the logarithms."""
    b, log_a = np.polyfit(x, np.log(y), 1)
    at = np.array([np.exp(log_a), b])
    for _ in range(30):
        power = np.exp(at[1] * x)
        slopes = np.stack([power, at[0] * x * power], axis=1)
        at = at + np.linalg.lstsq(slopes, y - at[0] * power, rcond=None)[0]
    return at


def grown_points(rng):
    """Draw points until the line through the logarithms is clearly not the answer."""
    x = np.linspace(0, 1, 80)
    while True:
        y = rng.uniform(0.5, 0.8) * np.exp(rng.uniform(1, 1.6) * x) + rng.uniform(-0.4, 0.4, 80)
        if y.min() > 0 and abs(best_exponential(x, y)[1] - np.polyfit(x, np.log(y), 1)[0]) > 0.06:
            return x.astype("float32"), y.astype("float32")


PROBES = [
    Call(
        name="The model gives the height of any line",
        points=2,
        function="predict",
        draw=line_and_points,
        reference=lambda x, a, b: a * x + b,
        tolerance=1e-4,
        message="predict(x, a, b) should return a · x + b, one value for every x.",
        near_misses=[
            NearMiss("Your line has no intercept.", lambda x, a, b: a * x),
            NearMiss("You exchanged slope and intercept.", lambda x, a, b: b * x + a),
        ],
    ),
    Call(
        name="The loss is the mean squared error",
        points=2,
        function="mean_squared_error",
        draw=heights_and_predictions,
        reference=lambda y, y_hat: np.mean((y - y_hat) ** 2),
        tolerance=1e-4,
        message="mean_squared_error(y, y_hat) should return the mean of (y − ŷ)², one number.",
        near_misses=[
            NearMiss(
                "You added the squares, but did not divide by their number.",
                lambda y, y_hat: np.sum((y - y_hat) ** 2),
            ),
            NearMiss("You took the mean before the square.", lambda y, y_hat: np.mean(y - y_hat) ** 2),
            NearMiss("You took absolute values instead of squares.", lambda y, y_hat: np.mean(np.abs(y - y_hat))),
            NearMiss("You took the root of the mean.", lambda y, y_hat: np.sqrt(np.mean((y - y_hat) ** 2))),
        ],
    ),
    Call(
        name="The descent finds the best line for other points",
        points=5,
        function="fit",
        draw=noisy_points,
        reference=lambda x, y: np.polyfit(x.astype(float), y.astype(float), 1),
        tolerance=0.02,
        rounds=2,
        message="fit(x, y) should return slope and intercept of the line with the smallest mean squared error.",
        near_misses=[
            NearMiss(
                "You returned the intercept first.",
                lambda x, y: np.polyfit(x.astype(float), y.astype(float), 1)[::-1],
            ),
            NearMiss(
                "Your slope is right, but the intercept never leaves 0.",
                lambda x, y: [np.sum(x * y) / np.sum(x * x), 0],
            ),
        ],
    ),
    HeldOut(
        name="The fitted line predicts unseen points",
        points=1,
        function="fit",
        data=seen_and_unseen,
        evaluator="held_out.py",
        at_least=0.99,
        message="fit(x, y) should return a line that also fits points that it has not seen.",
    ),
    Call(
        name="The best polynomial of a given degree",
        points=2,
        function="fit_polynomial",
        draw=bent_points,
        reference=lambda x, y, degree: np.polyfit(x, y, degree)[::-1],
        tolerance=1e-3,
        message="fit_polynomial(x, y, degree) should return the degree + 1 coefficients of the best fit, the constant first.",
        near_misses=[
            NearMiss("You returned the highest power first.", np.polyfit),
            NearMiss(
                "Your polynomial has one degree too few.",
                lambda x, y, degree: np.polyfit(x, y, degree - 1)[::-1],
            ),
        ],
    ),
    Call(
        name="Picks the degree that fits held-out points best",
        points=2,
        function="best_degree",
        draw=two_halves,
        accept=errs_least,
        message="best_degree(x, y, x_held, y_held) should return the degree from 1 to 8 with the smallest held-out error.",
        near_misses=[
            NearMiss(
                "You took the degree with the smallest error on the points that you fitted.",
                least_training_error,
            ),
            NearMiss(
                "You returned the position in the list, which is one less than the degree.",
                lambda *halves: np.argmin(held_out_errors(*halves)),
            ),
        ],
    ),
    Call(
        name="The best exponential, not the one from the logarithms",
        points=3,
        function="fit_exponential",
        draw=grown_points,
        reference=lambda x, y: best_exponential(x.astype(float), y.astype(float)),
        tolerance=0.02,
        rounds=2,
        message="fit_exponential(x, y) should return a and b of the curve a · exp(b x) with the smallest mean squared error.",
        near_misses=[
            NearMiss("You returned the line through the logarithms.", by_logarithms),
            NearMiss(
                "You returned ln a instead of a.",
                lambda x, y: np.log(best_exponential(x.astype(float), y.astype(float))) * [1, 0] + best_exponential(x, y) * [0, 1],
            ),
        ],
    ),
]
