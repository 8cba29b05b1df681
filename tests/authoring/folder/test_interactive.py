"""The data of an interactive figure is checked with the folder: each mistake has a file and a line."""

import pytest

from authoring.folder.interactive import FIGURES
from tests.authoring.folder.nasty import nasty_files, read

LESSON, DATA = "01-first/30-moving.md", "01-first/figures/moving.yaml"
TEXT = """---
id: moving
title: Moving
minutes: 1
objectives: []
---

![Three lines.](figures/triangle.svg){interactive="figures/moving.yaml"}
"""
CONVOLUTION = """kind: convolution
images:
  - name: edge
    pixels: [[0, 0.5, 1], [0, 0.5, 1]]
kernels:
  - name: falling
    weights: [[1, -1]]
"""
DESCENT = """kind: descent
axes: [{name: a, from: 0, to: 1}, {name: b, from: 0, to: 2}]
best: [0.5, 1]
floor: 0
curvature: [[1, 0.5], [0.5, 1]]
levels: [0.1, 1]
start: [0, 0]
rates: [0.1, 1]
rate: 0.1
steps: 10
"""
UNROLLING = "kind: unrolling\ninputs: [1, 0]\ninput_weight: 1\nrecurrent_weight: 0.5\nbias: 0\n"
GIBBS = "kind: gibbs\nweights: [[1, 2], [0, -1]]\nvisible_biases: [0, 1]\nhidden_biases: [0, 0]\nseed: 1\n"
LATENT = """kind: latent
side: 2
reach: 2
layers:
  - {inputs: 2, outputs: 4, scale: 0.1, weights: AAECAwQF+/cI}
codes: [[7, 0, 1.5]]
"""
BOUNDARY = """kind: boundary
axes: [{name: a, from: 0, to: 1}, {name: b, from: 0, to: 2}]
classes: [low, high]
points: [[0.5, 0.5, 0], [0.5, 1.5, 1]]
lowest: 0.1
start: [1, 1, 3]
sharpest: 10
rate: 1
updates: 10
"""
SOFTMAX = """kind: softmax
options: [{name: a, score: 1}, {name: b, score: -1}]
scores: [-2, 2]
temperatures: [0.1, 10]
"""
GATES = "kind: gates\nmemory: 0\nsteps: [{forget: 1, candidate: -1, input: 0.5, output: 0}]\n"
SIZES = "kind: sizes\nsize: 7\nkernel: 3\nstride: 2\npadding: 1\npool: 2\n"
WALK = """kind: walk
side: 2
layers:
  - {inputs: 2, outputs: 4, scale: 0.1, weights: AAECAwQF+/cI}
codes: [[3, 0, 1.5], [8, 1, 0]]
from: 0
to: 1
"""
DIGIT = "kind: digit\nexamples: [{name: one, strokes: [[50, 10, 50, 90]]}]\n"
NO_PLANE = "1: “start” needs two places on the second axis, and a sharpness above 0 and at most “sharpest”."
NO_SCORES = "1: “scores” needs a smaller and a larger number, and the score of each option lies between them."
NO_HEAT = "1: “temperatures” needs two positive numbers, and 1 lies between them."
NO_GATE = "1: steps[0] needs gates from 0 to 1 and a candidate from −1 to 1."
NO_STROKE = "2: “strokes” needs 1 to 20 lists of pairs of numbers from 0 to 100."
MISSING = f"{LESSON}:8: the data of the interactive figure, “figures/moving.yaml”, is missing or has mistakes."
EDGE = "  - name: edge\n    pixels: [[0, 0.5, 1], [0, 0.5, 1]]\n"
NO_VALLEY = "1: “curvature” needs a symmetric, positive definite matrix, so that there is one smallest loss."
NO_RATE = "1: “rates” needs a smaller and a larger number, and “rate” lies between them."
ODD_WEIGHTS = "1: “weights” needs a row for each visible unit and a column for each hidden unit."
UNCHAINED = "1: “layers” must lead from 2 numbers to the pixels, each from the outputs of the layer before."
UNEVEN = "4: “pixels” needs rows of equally many numbers, at most 12 by 12."


def mistakes(data: str, old: str = "", new: str = "") -> list[str]:
    assert old in data
    files = nasty_files() | {LESSON: TEXT.encode(), DATA: data.replace(old, new).encode()}
    return [str(mistake) for mistake in read(files).mistakes]


def test_the_data_of_a_figure_becomes_part_of_its_lesson():
    files = nasty_files() | {LESSON: TEXT.encode(), DATA: CONVOLUTION.encode()}
    lesson = next(each for module in read(files).course.modules for each in module.lessons if each.key == "moving")
    assert (
        'data-interactive="convolution" data-values="{&quot;images&quot;:[{&quot;name&quot;:&quot;edge&quot;,'
        "&quot;pixels&quot;:[[0,0.5,1],[0,0.5,1]]}],&quot;kernels&quot;:[{&quot;name&quot;:&quot;falling&quot;,"
        '&quot;weights&quot;:[[1,-1]]}]}"'
    ) in lesson.html


@pytest.mark.parametrize(
    "data", [CONVOLUTION, DESCENT, UNROLLING, GIBBS, LATENT, BOUNDARY, SOFTMAX, GATES, SIZES, WALK, DIGIT]
)
def test_each_kind_takes_the_data_that_it_needs(data):
    assert mistakes(data) == []


@pytest.mark.parametrize(
    ("data", "old", "new", "found"),
    [
        (CONVOLUTION, "kind: convolution", "kind: movie", [f"1: “kind” needs one of {', '.join(FIGURES)}."]),
        (CONVOLUTION, "images:", "pictures:",
         ["1: “images” is missing.", "2: “pictures” is not a known field here (known fields: kind, images, kernels)."]),
        (CONVOLUTION, EDGE, "  []\n", ["2: “images” needs a list of 1 to 8 rows."]),
        (CONVOLUTION, "[0, 0.5, 1]]", "[0, 1]]", [UNEVEN]),
        (CONVOLUTION, "[0, 0.5, 1]]", "[0, one, 1]]", [UNEVEN]),
        (CONVOLUTION, "[0, 0.5, 1]]", f"{[0] * 13}]", [UNEVEN]),
        (CONVOLUTION, "[[1, -1]]", "[[1, 0, 0, -1]]", ["1: every kernel must fit on every image."]),
        (DESCENT, "[0.5, 1]]", "[0.4, 1]]", [NO_VALLEY]),
        (DESCENT, "[0.5, 1]]", "[0.5, 0.25]]", [NO_VALLEY]),
        (DESCENT, "to: 2", "to: 0", ["1: “axes” needs two axes, each from a smaller to a larger number."]),
        (DESCENT, ", {name: b, from: 0, to: 2}", "", ["1: “axes” needs two axes, each from a smaller to a larger number."]),
        (DESCENT, "[0.1, 1]\nstart", "[0, 1]\nstart", ["1: “levels” are above the smallest loss, so they are positive."]),
        (DESCENT, "[0.5, 1]\nfloor", "[0.5]\nfloor", ["3: “best” needs a list of 2 numbers."]),
        (DESCENT, "steps: 10", "steps: 1000", ["10: “steps” needs a whole number from 1 to 200."]),
        (DESCENT, "rates: [0.1, 1]", "rates: [1, 0.1]", [NO_RATE]),
        (DESCENT, "rate: 0.1", "rate: 0.05", [NO_RATE]),
        (DESCENT, "rate: 0.1", "rate: 2", [NO_RATE]),
        (DESCENT, "start: [0, 0]", "start: [0, 3]", ["1: “start” needs a place in the plane of the axes."]),
        (UNROLLING, "recurrent_weight: 0.5", "recurrent_weight: -2", ["1: “recurrent_weight” needs a number from −1.5 to 1.5."]),
        (UNROLLING, "[1, 0]", "[1, 2, 3, 4, 5, 6, 7]", ["2: “inputs” needs a list of 1 to 6 numbers."]),
        (UNROLLING, "bias: 0", "bias: true", ["5: “bias” needs a number."]),
        (GIBBS, "[0, 0]", "[0, 0, 0]", [ODD_WEIGHTS]),
        (GIBBS, "[0, 1]", "[0]", [ODD_WEIGHTS]),
        (LATENT, "outputs: 4", "outputs: 3", ["1: layers[0] needs one character for each weight and each bias.", UNCHAINED]),
        (LATENT, "AAECAwQF+/cI", "AAEC", ["1: layers[0] needs one character for each weight and each bias."]),
        (LATENT, "AAECAwQF+/cI", "A*", ["5: “weights” needs characters of base64, one for each number."]),
        (LATENT, "[7, 0, 1.5]", "[7, 0]", ["6: “codes” needs 1 to 200 rows of a label and two numbers."]),
        (LATENT, "reach: 2", "reach: 0", ["1: “reach” needs a positive number."]),
        (BOUNDARY, "to: 2", "to: 0", ["1: “axes” needs two axes, each from a smaller to a larger number."]),
        (BOUNDARY, "1.5, 1]", "1.5, 2]", ["1: “points” needs a class, 0 or 1, as the third number of each row."]),
        (BOUNDARY, "[0.5, 1.5, 1]", "[0.5, 1.5]", ["4: “points” needs 1 to 200 rows of two numbers and a class, 0 or 1."]),
        (BOUNDARY, "[low, high]", "[low]", ["3: “classes” needs a list of 2 texts."]),
        (BOUNDARY, "[1, 1, 3]", "[1, 3, 3]", [NO_PLANE]),
        (BOUNDARY, "[1, 1, 3]", "[1, 1, 0]", [NO_PLANE]),
        (BOUNDARY, "sharpest: 10", "sharpest: 2", [NO_PLANE]),
        (SOFTMAX, "score: -1", "score: -3", [NO_SCORES]),
        (SOFTMAX, "[-2, 2]", "[2, -2]", [NO_SCORES]),
        (SOFTMAX, "[0.1, 10]", "[0, 10]", [NO_HEAT]),
        (SOFTMAX, "[0.1, 10]", "[0.1, 0.9]", [NO_HEAT]),
        (SOFTMAX, "[0.1, 10]", "[1, 1]", [NO_HEAT]),
        (GATES, "forget: 1", "forget: 1.1", [NO_GATE]),
        (GATES, "candidate: -1", "candidate: -1.5", [NO_GATE]),
        (GATES, "forget: 1, ", "", ["3: “forget” is missing."]),
        (SIZES, "stride: 2", "stride: 0", ["4: “stride” needs a whole number from 1 to 4."]),
        (SIZES, "size: 7", "size: 13", ["2: “size” needs a whole number from 3 to 12."]),
        (WALK, "[8, 1, 0]", "[8, 1]", ["5: “codes” needs 2 to 12 rows of a label and as many numbers as the others."]),
        (WALK, ", 1.5], [8, 1, 0]", "], [8, 1]", ["5: “codes” needs 2 to 12 rows of a label and as many numbers as the others."]),
        (WALK, "1.5], [8, 1, 0]", "1.5, 1], [8, 1, 0, 1]",
         ["1: “layers” must lead from 3 numbers to the pixels, each from the outputs of the layer before."]),
        (WALK, "to: 1", "to: 2", ["1: “from” and “to” need places in “codes”, 0 for the first."]),
        (DIGIT, "50, 90", "50, 101", [NO_STROKE]),
        (DIGIT, "50, 90", "50", [NO_STROKE]),
        (DIGIT, "[[50, 10, 50, 90]]", "[]", [NO_STROKE]),
        (CONVOLUTION, "name: edge", f"name: {'e' * 12_000}",
         ["1: an interactive figure has at most 12000 characters of data; this one has 12105."]),
        (CONVOLUTION, "images:", "images: [",
         ["3: this is not YAML: expected the node content, but found '-'."]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_data_of_a_figure_is_named(data, old, new, found):
    *named, consequence = sorted(mistakes(data, old, new), key=lambda each: LESSON in each)
    assert [f"{DATA}:{text}" for text in found] == named
    assert consequence == MISSING


def test_a_file_that_is_missing_is_named_where_the_lesson_asks_for_it():
    files = nasty_files() | {LESSON: TEXT.encode()}
    assert [str(mistake) for mistake in read(files).mistakes] == [MISSING]
