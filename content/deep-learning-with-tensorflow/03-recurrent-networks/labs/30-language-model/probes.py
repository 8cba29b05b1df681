"""Test perplexity, bigram and temperature with new numbers, training in a secret alphabet, and the learner's own model.

The secret alphabet is drawn at random, so to a network trained elsewhere the text is noise. The last probe would also accept
weights copied from somebody else, so it is worth only one point.
"""

import numpy as np

from labs.runner.data.loaders import persuasion
from labs.runner.judge.authoring import Call, HeldOut, NearMiss

ALPHABET = " abcdefghijklmnopqrstuvwxyz"


def novel():
    kept = (letter if letter.isalpha() else " " for letter in persuasion().lower())
    return np.array([ALPHABET.index(letter) for letter in " ".join("".join(kept).split())])


def probabilities(rng):
    return (rng.uniform(0.01, 1, rng.integers(5, 60)),)


def small_text(rng):
    symbols = int(rng.integers(3, 12))
    return rng.integers(0, symbols, 200), symbols


def pairs(codes, symbols, start):
    counts = np.full((symbols, symbols), float(start))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts


def by_columns(codes, symbols):
    counts = pairs(codes, symbols, 1)
    return counts / counts.sum(axis=0)


def counted(codes, symbols, start=1):
    counts = pairs(codes, symbols, start)
    return counts / counts.sum(axis=1, keepdims=True)


def large_scores(rng):
    """Return scores, sometimes in the ten thousands, so that a plain exponential overflows."""
    return rng.normal(size=rng.integers(3, 9)) * rng.choice([1, 30_000]), float(rng.uniform(0.2, 4))


def sharpened(scores, temperature):
    powers = np.exp((scores - scores.max()) / temperature)
    return powers / powers.sum()


def in_a_secret_alphabet(rng):
    """Return 40,000 letters for training and the 8,000 that follow them."""
    codes, secret = novel(), rng.permutation(27)
    start = int(rng.integers(0, len(codes) - 48_000))
    written = secret[codes[start : start + 48_000]]
    learned, unseen = written[:40_000], written[40_000:]
    best = counted(learned, 27)[unseen[:-1], unseen[1:]]
    return (learned, 27), (unseen, float(np.exp(-np.log(best).mean())))


def the_held_out_tenth(_rng):
    """Return the held-out text and the perplexity of a trigram whose counts start at one."""
    codes = novel()
    return (), (codes[len(codes) * 9 // 10 :], 6.11)


PROBES = [
    Call(
        name="Perplexity",
        points=2,
        function="perplexity",
        draw=probabilities,
        reference=lambda p: np.exp(-np.log(p).mean()),
        tolerance=1e-4,
        relative=True,
        message="perplexity(p) returns one number, the exponential of the mean of −ln p.",
        near_misses=[
            NearMiss("You returned the cross-entropy: the exponential is missing.", lambda p: -np.log(p).mean()),
            NearMiss("You took 1 over the mean probability.", lambda p: 1 / p.mean()),
            NearMiss("You took the mean of 1 / p.", lambda p: (1 / p).mean()),
            NearMiss("The minus in the exponent is missing.", lambda p: np.exp(np.log(p).mean())),
            NearMiss(
                "Your exponential has the base 2, but your logarithm the base e.",
                lambda p: 2 ** -np.log(p).mean(),
            ),
        ],
    ),
    Call(
        name="A bigram model of any text",
        points=2,
        function="bigram",
        draw=small_text,
        reference=counted,
        tolerance=1e-5,
        message="bigram(codes, symbols) counts pairs, starting each count at one, and divides each row by its sum.",
        near_misses=[
            NearMiss("Your counts start at zero.", lambda codes, symbols: counted(codes, symbols, start=0)),
            NearMiss("You divided the columns by their sums.", by_columns),
            NearMiss(
                "You counted from each letter to the one before it.",
                lambda codes, symbols: counted(codes[::-1], symbols),
            ),
            NearMiss("You did not divide by the sums.", lambda codes, symbols: pairs(codes, symbols, 1)),
        ],
    ),
    Call(
        name="Probabilities at any temperature",
        points=2,
        function="softened",
        draw=large_scores,
        rounds=20,
        reference=sharpened,
        tolerance=1e-5,
        message="softened(scores, temperature) returns the softmax of scores / temperature, even for large scores.",
        near_misses=[
            NearMiss(
                "The exponential overflows for large scores.",
                lambda scores, temperature: np.exp(scores / temperature) / np.exp(scores / temperature).sum(),
            ),
            NearMiss(
                "You multiplied by the temperature.",
                lambda scores, temperature: sharpened(scores, 1 / temperature),
            ),
            NearMiss("Your probabilities ignore the temperature.", lambda scores, temperature: sharpened(scores, 1)),
        ],
    ),
    HeldOut(
        name="A network that learns a secret alphabet beats the bigram",
        points=4,
        function="trained_weights",
        data=in_a_secret_alphabet,
        evaluator="held_out.py",
        at_least=1.1,
        message="train(codes, symbols, epochs) trains the network on the text that it receives. The bigram's perplexity must be at least 1.1 times the network's.",
    ),
    HeldOut(
        name="Your model of the novel beats a trigram",
        points=1,
        variables=("model.weights",),
        data=the_held_out_tenth,
        evaluator="held_out.py",
        at_least=1,
        message="The weights of `model` have a perplexity of less than 6.1 on the last tenth of the novel.",
    ),
]
