"""Figures of the module on unsupervised learning; digits, weights and errors are drawn from the files in data/."""

import csv
import itertools
from pathlib import Path

import numpy as np
import plot

DATA = Path(__file__).parent.parent / "data"
# Errors of 64 components, as the introduction's listings print them: as numbers, and as bits without and with a rotation.
LOWEST, ROTATED, HIGHEST = 0.0186, 0.0334, 0.0412


def _rows(name):
    with (DATA / name).open(newline="") as file:
        return np.array(list(csv.reader(file)), dtype=float)


def _image(left, top, row, size, shades=plot.SHADES):
    frame = plot.box(left, top, 28 * size, 28 * size, "pg")
    return [frame, *plot.pixels(left, top, row.reshape(28, 28) / 9, size, shades=shades)]


def _two_clouds():
    draw = np.random.default_rng(12)
    spread = np.array([[0.5, 0.3], [0.3, 0.4]])
    return draw.normal(size=(40, 2)) @ spread + [1.3, 1.9], draw.normal(size=(40, 2)) @ spread + [3.0, 1.3]


def _k_means(points, centers, rounds=20):
    for _ in range(rounds):
        group = ((points[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
        centers = np.stack([points[group == k].mean(axis=0) for k in range(len(centers))])
    return centers


def with_and_without_labels():
    """The same eighty points twice: two kinds of mark and a border; one kind of mark and the two centers of k-means."""
    parts, points = [], np.concatenate(_two_clouds())
    for left, title in ((20, "with labels: find the border"), (310, "without labels: find the groups")):
        axes = plot.Axes((-0.4, 4.6), (-0.2, 3.6), left, 30, 260, 210)
        parts.append(plot.box(left, 30, 260, 210, "pg"))
        for kind, cloud in zip(("k0", "k1"), _two_clouds(), strict=True):
            axes.marks(*cloud.T, kind if left == 20 else "k0", 2.6)
        if left == 20:
            axes.curve([1.5, 2.9], [0.1, 3.4], "p2")
        else:
            axes.marks(*_k_means(points, points[:2]).T, "kn", 6)
        parts += [*axes.parts, plot.text(left + 130, 20, title)]
    return plot.svg(590, 256, parts)


def compressed_digits():
    """Six digits of the test, and what comes back from 0, 16 and 64 components."""
    names = ("original", "0 numbers", "16 numbers", "64 numbers")
    parts = [plot.text(6, 60 + 90 * number, name, "start") for number, name in enumerate(names)]
    for number, row in enumerate(_rows("compressed.csv")[:24]):
        parts += _image(100 + number % 6 * 90, 14 + number // 6 * 90, row, 3)
    return plot.svg(640, 374, parts)


def _trails(lower, upper):
    """A line from each point of one row to each of the other, in few long ways to and fro, which take few bytes."""
    left, trails = {(a, b) for a in lower for b in upper}, []
    while left:
        at = max((*lower, *upper), key=lambda point: (sum(point in way for way in left) % 2, point))
        trail = [at]
        while ways := sorted(way for way in left if at in way):
            left.remove(ways[0])
            at = ways[0][at == ways[0][0]]
            trail.append(at)
        if len(trail) > 1:
            trails.append(trail)
    return trails


def two_machines():
    """Left: two layers joined by lines without direction. Right: an encoder's arrows and a decoder's."""
    parts = []
    for left, title in ((20, "restricted Boltzmann machine"), (320, "autoencoder")):
        parts.append(plot.text(left + 125, 18, title))
        layers = [(190, 5), (90, 3)] if left == 20 else [(215, 5), (135, 3), (55, 5)]
        places = [[(left + 125 + 50 * (i - (count - 1) / 2), y) for i in range(count)] for y, count in layers]
        for lower, upper in zip(places, places[1:], strict=False):
            parts.append(plot.lines(_trails(lower, upper), "pa", 0.6))
        for row, kind in zip(places, ("k1", "k0", "k1"), strict=False):
            parts.append(plot.dots(row, kind, 8))
    names = ((20, 225, "visible units v: pixels"), (20, 66, "hidden units h: on or off"), (300, 250, "input v"))
    parts += [plot.text(x + 125, y, words, kind="tk") for x, y, words in names]
    parts += [plot.text(530, 140, "code", "start", "tk"), plot.text(445, 38, "reconstruction", kind="tk")]
    parts += [plot.arrow((300 + 20, 205), (300 + 20, 150)), plot.arrow((300 + 20, 120), (300 + 20, 65))]
    return plot.svg(590, 262, parts)


def bias_of_a_share():
    """The log-odds of shares from 0.01 to 0.99, with five of them marked."""
    axes = plot.Axes((0, 1), (-5, 5), 60, 26, 440, 200)
    axes.frame([0, 0.5, 1], [-4, -2, 0, 2, 4], "share of images with ink", "visible bias")
    biases = np.linspace(-1, 1, 33) * np.log(99)
    axes.parts.append(plot.line([axes.at(1 / (1 + np.exp(-bias)), bias) for bias in biases]))
    for share, side in ((0.01, 14), (0.1, 14), (0.5, 14), (0.9, -14), (0.99, -14)):
        bias = np.log(share / (1 - share))
        (x, y), end = axes.at(share, bias), "start" if side > 0 else "end"
        axes.parts += [plot.mark(x, y, "kn", 5), plot.text(x + side, y + 5, plot.tidy(round(bias, 1)), end)]
    return plot.svg(560, 270, axes.parts)


def from_probability_to_sample():
    """Eight hidden units: probabilities as bars, one uniform number each as a circle, and what is drawn."""
    p = (0.95, 0.62, 0.08, 0.40, 0.77, 0.25, 0.55, 0.12)
    uniform = (0.31, 0.80, 0.55, 0.22, 0.61, 0.47, 0.09, 0.93)
    axes = plot.Axes((0, 8), (0, 1), 60, 26, 480, 190)
    axes.frame([], [0, 0.5, 1], "", "probability")
    for unit, (probability, drawn) in enumerate(zip(p, uniform, strict=True)):
        (x, y), (_, floor) = axes.at(unit + 0.2, probability), axes.at(0, 0)
        axes.parts.append(plot.box(x, y, 36, floor - y, "p1"))
        axes.parts.append(plot.mark(*axes.at(unit + 0.5, drawn), "kn" if drawn < probability else "k0", 5))
        axes.parts.append(plot.text(x + 18, floor + 24, "1" if drawn < probability else "0"))
    axes.parts.append(plot.text(46, 240, "drawn", "end", "tk"))
    return plot.svg(590, 256, axes.parts)


def small_chain():
    """The RBM of three visible and two hidden units, and the exact probabilities of its eight images."""
    rbm = plot.interactive(__file__, "small-chain.yaml")
    weights = np.array(rbm["weights"], dtype=float)
    visible, hidden = [(40 + 70 * i, 190) for i in range(3)], [(75 + 70 * j, 80) for j in range(2)]
    parts = []
    for (i, a), (j, b) in itertools.product(enumerate(visible), enumerate(hidden)):
        if weights[i, j]:
            parts.append(plot.line([a, b], "p1" if weights[i, j] < 0 else "pa"))
            share, side = (0.7, -14) if i < j else (0.15 if i > j else 0.3, 14 if j else -16)
            x, y = (s + share * (t - s) for s, t in zip(a, b, strict=True))
            parts.append(plot.text(x + side, y + 4, plot.tidy(weights[i, j]), kind="tk", size=12))
    for name, places, dy in (("v", visible, 34), ("h", hidden, -24)):
        parts += [plot.mark(x, y, "k0", 13) for x, y in places]
        parts += [plot.text(x, y + dy, f"{name}{'₁₂₃'[number]}") for number, (x, y) in enumerate(places)]
    every = np.array(list(itertools.product([0, 1], repeat=3)))
    score = every @ rbm["visible_biases"] + np.logaddexp(0, every @ weights + rbm["hidden_biases"]).sum(axis=1)
    shares = np.exp(score) / np.exp(score).sum()
    axes = plot.Axes((0, 8), (0, 0.35), 280, 30, 300, 190)
    axes.frame([], [0, 0.1, 0.2, 0.3], "image", "probability")
    for number, (image, share) in enumerate(zip(every, shares, strict=True)):
        (x, y), (_, floor) = axes.at(number + 0.15, share), axes.at(0, 0)
        axes.parts.append(plot.box(x, y, 26, floor - y))
        axes.parts.append(plot.text(x + 13, floor + 18, "".join(map(str, image)), kind="tk", size=12))
    return plot.svg(590, 264, [*parts, *axes.parts])


def up_down_up():
    """One step of contrastive divergence: data up, down to the reconstruction, up again; two products."""
    places = {"v₀": (70, 170), "h₀": (180, 60), "v₁": (290, 170), "h₁": (400, 60)}
    parts = []
    for name, (x, y) in places.items():
        parts += [plot.box(x - 40, y - 18, 80, 36, "p1"), plot.text(x, y + 5, name)]
    ends = [((95, 150), (155, 80)), ((205, 80), (265, 150)), ((315, 150), (375, 80))]
    parts += [plot.arrow(start, end) for start, end in ends]
    parts += [plot.text(x, 118, words, "start", "tk") for x, words in ((135, "up"), (245, "down"), (355, "up"))]
    parts += [plot.text(70, 212, "data"), plot.text(290, 212, "reconstruction")]
    parts += [plot.text(128, 30, "positive phase: v₀ᵀ h₀"), plot.text(345, 30, "negative phase: v₁ᵀ h₁")]
    parts += [plot.text(470, 122, "ΔW = η (v₀ᵀ h₀ − v₁ᵀ h₁)", "start")]
    return plot.svg(680, 226, parts)


def learnt_weights():
    """The weights of twelve hidden units as images: blue where ink turns the unit on, orange where it turns the unit off."""
    parts = []
    for number, row in enumerate(_rows("weights.csv")):
        left, top = 10 + number % 6 * 96, 10 + number // 6 * 96
        weights = (2 * row / 9).clip(-1, 1).reshape(28, 28)
        parts += [plot.box(left, top, 84, 84, "pg"), *plot.signed(left, top, weights, 3, shades=9)]
    return plot.svg(586, 206, parts)


def error_by_epoch():
    """Reconstruction error of test digits over twenty epochs, by probabilities and by bits, with PCA's errors."""
    epochs, by_probabilities, by_bits = _rows("errors.csv").T
    axes = plot.Axes((0, 20), (0, 0.09))
    axes.frame(range(0, 24, 4), [0, 0.02, 0.04, 0.06, 0.08], "epoch", "error")
    axes.curve(epochs, by_probabilities, "p1")
    axes.marks(epochs, by_probabilities, "k1", 2.5)
    axes.curve(epochs, by_bits, "p2")
    axes.marks(epochs, by_bits, "k0", 2.5)
    baselines = ((HIGHEST, "PCA, 64 bits"), (ROTATED, "PCA and rotation, 64 bits"), (LOWEST, "PCA, 64 numbers"))
    for level, words in baselines:
        axes.curve((0, 20), (level, level), "p3")
        axes.label(20, level, words, "end", dy=-6 if level == HIGHEST else 16)
    axes.label(1.3, 0.058, "RBM, 64 bits")
    axes.label(3.2, 0.0285, "RBM, 64 probabilities")
    return plot.svg(590, 340, axes.parts)


def dreams():
    """One chain of Gibbs steps from noise."""
    parts = []
    for number, (row, steps) in enumerate(zip(_rows("dreams.csv"), (0, 1, 3, 10, 100, 1000), strict=True)):
        left = 10 + number * 96
        parts += [*_image(left, 10, row, 3, shades=9), plot.text(left + 42, 116, f"step {steps}", kind="tk")]
    return plot.svg(586, 126, parts)


def hit_rates():
    """Precision of ten recommended films: popularity, two RBMs, two simple methods, and the planted tastes."""
    bars = (
        ("popularity", 0.40),
        ("RBM, likes", 0.89),
        ("RBM, likes, dislikes", 0.94),
        ("matrix factorization", 0.94),
        ("item similarity", 0.95),
        ("knowing the tastes", 0.96),
    )
    axes = plot.Axes((0, 1), (0, 6), 180, 20, 350, 300)
    axes.frame([0, 0.2, 0.4, 0.6, 0.8, 1], [], "precision at 10, on rated films")
    for number, (name, share) in enumerate(bars):
        (x, y), (end, _) = axes.at(0, 5.8 - number), axes.at(share, 0)
        axes.parts.append(plot.box(x, y, end - x, 30, "p1" if name.startswith("RBM") else "p3"))
        axes.parts.append(plot.text(170, y + 20, name, "end"))
        axes.parts.append(plot.text(end + 6, y + 20, f"{share:.2f}", "start"))
    return plot.svg(590, 370, axes.parts)
