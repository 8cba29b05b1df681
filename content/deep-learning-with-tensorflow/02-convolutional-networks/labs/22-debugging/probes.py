"""Train the programs from scratch and measure what their networks read. Names of faults can be guessed, and give 1 point each.

The labels are permuted at random, and the question of program E is drawn, so weights from elsewhere are of no use.
"""

from functools import partial

import numpy as np

from labs.runner.data.loaders import mnist
from labs.runner.judge.authoring import Call, HeldOut, NearMiss, Read


def some_digits(rng):
    """Return 5,000 training digits in a random order, and all test digits."""
    (images, labels), (test_images, test_labels) = mnist()
    some = rng.permutation(len(images))[:5000]
    return images[some], labels[some], test_images, test_labels


def digits_under_other_names(letter, rng):
    """Return digits with permuted labels; no digit keeps its label."""
    names = rng.permutation(10)
    while (names == np.arange(10)).any():
        names = rng.permutation(10)
    images, labels, test_images, test_labels = some_digits(rng)
    return (letter, images, names[labels]), (test_images, names[test_labels])


def yes_or_no(rng):
    """Return digits with the answers to a question: is this one of five digits, which are drawn?"""
    chosen = rng.permutation(10)[:5]
    images, labels, test_images, test_labels = some_digits(rng)
    answers, test_answers = (np.isin(each, chosen).astype("float32") for each in (labels, test_labels))
    return ("E", images, answers), (test_images, test_answers)


def a_perceptron_and_digits(rng):
    """Return weights that are large enough for clear scores, images of noise, and labels."""
    sizes = (784, 64), (64,), (64, 10), (10,)
    scales = 0.05, 0.1, 0.3, 0.3
    weights = [rng.normal(0, scale, size).astype("float32") for size, scale in zip(sizes, scales, strict=True)]
    images = rng.integers(0, 256, (40, 28, 28)).astype("uint8")
    return weights, images, rng.integers(0, 10, 40)


def scores_of(weights, images):
    W1, b1, W2, b2 = (each.astype(float) for each in weights)
    return np.maximum(images.reshape(-1, 784) / 255 @ W1 + b1, 0) @ W2 + b2


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def of_the_labels(p, labels):
    return p[np.arange(len(labels)), labels]


def cross_entropy(weights, images, labels):
    return -np.mean(np.log(of_the_labels(softmax(scores_of(weights, images)), labels)))


def softmax_twice(weights, images, labels):
    return -np.mean(np.log(of_the_labels(softmax(softmax(scores_of(weights, images))), labels)))


def hidden_values(rng):
    """Return values of ReLU units: two to five units are dead, and one image activates no unit."""
    rows, units, dead = rng.integers(20, 40), rng.integers(15, 30), rng.integers(2, 6)
    hidden = rng.exponential(1, (rows, units)) * (rng.random((rows, units)) < 0.5)
    hidden[:, :dead] = 0
    hidden[0, dead:] = 1
    hidden[1] = 0
    return (hidden[:, rng.permutation(units)].astype("float32"),)


PROBES = [
    Call(
        name="Dead units are counted",
        points=2,
        function="dead_units",
        draw=hidden_values,
        reference=lambda hidden: np.sum((hidden == 0).all(axis=0)),
        message="dead_units(hidden) should return the number of columns that contain only zeros.",
        near_misses=[
            NearMiss("You counted the zeros, not the units.", lambda hidden: np.sum(hidden == 0)),
            NearMiss("You counted the units that are active.", lambda hidden: np.sum((hidden > 0).any(axis=0))),
            NearMiss(
                "You counted the units that are 0 for some image, not for every image.",
                lambda hidden: np.sum((hidden == 0).any(axis=0)),
            ),
            NearMiss("You counted images, not units.", lambda hidden: np.sum((hidden == 0).all(axis=1))),
            NearMiss("You returned the share of dead units, not their number.", lambda hidden: np.mean((hidden == 0).all(axis=0))),
        ],
    ),
    Read(
        name="The fault of program A",
        points=1,
        variable="fault_a",
        reference="rate too high",
        message="fault_a should be the name from FAULTS that explains the learning curve of program A.",
        near_misses=[
            NearMiss("With a rate that is too low, the loss falls slowly and never jumps.", "rate too low"),
            NearMiss("Units die here, but dead units cannot make the loss jump so far above its start.", "dead units"),
            NearMiss("With too few images, the training loss would fall to 0.", "too few images"),
            NearMiss("Bytes can cause such jumps, but `prepared` divides them by 255.", "bytes not scaled"),
        ],
    ),
    HeldOut(
        name="Program A reads unseen digits",
        points=2,
        function="trained_weights",
        data=partial(digits_under_other_names, "A"),
        evaluator="held_out.py",
        at_least=0.8,
        message="train_a(images, labels) should train its perceptron so that it reads unseen digits.",
    ),
    Read(
        name="The fault of program B",
        points=1,
        variable="fault_b",
        reference="not shuffled",
        message="fault_b should be the name from FAULTS that explains the answers of program B.",
        near_misses=[
            NearMiss("Few images lower the accuracy, but the answers would be of all digits.", "too few images"),
            NearMiss("With a rate that is too high, the loss jumps at random. Here, it jumps at equal distances.", "rate too high"),
            NearMiss("Enough units are alive: between two jumps, the loss becomes small.", "dead units"),
        ],
    ),
    HeldOut(
        name="Program B reads unseen digits",
        points=2,
        function="trained_weights",
        data=partial(digits_under_other_names, "B"),
        evaluator="held_out.py",
        at_least=0.8,
        message="train_b(images, labels) should train its perceptron so that it reads unseen digits of all ten classes.",
    ),
    Read(
        name="The fault of program C",
        points=1,
        variable="fault_c",
        reference="softmax twice",
        message="fault_c should be the name from FAULTS that explains why the loss of program C does not fit its accuracy.",
        near_misses=[
            NearMiss("A higher rate does not help: the loss cannot fall below a certain number.", "rate too low"),
            NearMiss("The accuracy is high, so the images are not too few.", "too few images"),
            NearMiss("The labels are a row of whole numbers here, so no shapes are broadcast.", "silent broadcast"),
            NearMiss("A digit can be missing from the answers, but the images are shuffled.", "not shuffled"),
        ],
    ),
    Call(
        name="Program C reports the cross-entropy",
        points=2,
        function="reported_c",
        draw=a_perceptron_and_digits,
        reference=cross_entropy,
        tolerance=1e-3,
        message="reported_c(weights, images, labels) should be the mean of −ln p over the images, with one softmax in p.",
        near_misses=[
            NearMiss("You still apply the softmax twice.", softmax_twice),
            NearMiss(
                "You subtracted the smallest loss that two softmaxes allow, but both are still there.",
                lambda *inputs: softmax_twice(*inputs) - np.log(1 + 9 / np.e),
            ),
            NearMiss(
                "You removed both softmaxes: a score is not a probability.",
                lambda weights, images, labels: -np.mean(of_the_labels(scores_of(weights, images), labels)),
            ),
            NearMiss(
                "You return the mean probability of the label, without the logarithm.",
                lambda weights, images, labels: np.mean(of_the_labels(softmax(scores_of(weights, images)), labels)),
            ),
        ],
    ),
    Read(
        name="The fault of program D",
        points=1,
        variable="fault_d",
        reference="dead units",
        message="fault_d should be the name from FAULTS that explains why program D learns nothing.",
        near_misses=[
            NearMiss("A higher rate changes nothing, because the gradient of the first layer is 0.", "rate too low"),
            NearMiss("A rate that is too high makes the loss jump; here it stays near 2.30.", "rate too high"),
            NearMiss("The images are shuffled.", "not shuffled"),
        ],
    ),
    HeldOut(
        name="Program D reads unseen digits",
        points=2,
        function="trained_weights",
        data=partial(digits_under_other_names, "D"),
        evaluator="held_out.py",
        at_least=0.8,
        message="train_d(images, labels) should train a perceptron with ReLU units so that it reads unseen digits.",
    ),
    Read(
        name="The fault of program E",
        points=1,
        variable="fault_e",
        reference="silent broadcast",
        message="fault_e should be the name from FAULTS that explains why program E gives nearly the same output for all images.",
        near_misses=[
            NearMiss("There is no softmax in this program.", "softmax twice"),
            NearMiss("With dead units, all outputs would be exactly equal.", "dead units"),
            NearMiss("A higher rate does not help: the loss has already reached its smallest value.", "rate too low"),
            NearMiss("The images are shuffled, together with their targets.", "not shuffled"),
        ],
    ),
    HeldOut(
        name="Program E answers for unseen digits",
        points=2,
        function="trained_weights",
        data=yes_or_no,
        evaluator="held_out.py",
        at_least=0.75,
        message="train_e(images, targets) should learn to give the right answer a high probability; the score is its mean.",
    ),
]
