"""Interactive figures: the kinds that the product draws, and the shape of the data that a course gives to each."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TypedDict

from authoring.folder.shapes import Check, Report, Shape, ShapeField, check_shape, one_of, text, whole_number
from course.markup import InteractiveFigure

WIDEST = 12  # cells in a row, so that a grid fits a phone
LARGEST = 1_000_000
HEAVIEST = Decimal("1.5")  # recurrent weight, at the ends of its slider
MOST_CODES = 200
MOST_POINTS = 200
MOST_STROKES = 20
MOST_CHARACTERS = 12_000  # of the data of one figure, which is part of the page


def one_number(value: object) -> str | None:
    fits = isinstance(value, int | Decimal) and not isinstance(value, bool) and abs(value) < LARGEST
    return None if fits else "needs a number"


def number_list(least: int, most: int) -> Check:
    count = str(least) if least == most else f"{least} to {most}"

    def check(value: object) -> str | None:
        fits = (
            isinstance(value, list)
            and least <= len(value) <= most
            and all(one_number(number) is None for number in value)
        )
        return None if fits else f"needs a list of {count} numbers"

    return check


def grid(rows: int = WIDEST, columns: int = WIDEST, *, least: int = 1) -> Check:
    """A table of numbers, at most so large; its rows have the same length."""
    row = number_list(least, columns)

    def check(value: object) -> str | None:
        fits = (
            isinstance(value, list) and least <= len(value) <= rows and all(row(numbers) is None for numbers in value)
        )
        is_even = fits and len({len(numbers) for numbers in value}) == 1
        return None if is_even else f"needs rows of equally many numbers, at most {rows} by {columns}"

    return check


def few_rows(most: int) -> Check:
    def check(value: object) -> str | None:
        fits = isinstance(value, list) and 0 < len(value) <= most
        return None if fits else f"needs a list of 1 to {most} rows"

    return check


def encoded(value: object) -> str | None:
    fits = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/]+", value)
    return None if fits else "needs characters of base64, one for each number"


def rows_of_numbers(length: int, most: int, what: str) -> Check:
    row = number_list(length, length)

    def check(value: object) -> str | None:
        fits = isinstance(value, list) and 0 < len(value) <= most and all(row(numbers) is None for numbers in value)
        return None if fits else f"needs 1 to {most} rows of {what}"

    return check


def labeled_codes(value: object) -> str | None:
    row = number_list(3, 33)
    fits = isinstance(value, list) and 2 <= len(value) <= WIDEST and all(row(numbers) is None for numbers in value)
    is_even = fits and len({len(numbers) for numbers in value}) == 1
    return None if is_even else f"needs 2 to {WIDEST} rows of a label and as many numbers as the others"


def strokes(value: object) -> str | None:
    line = number_list(2, 200)
    fits = isinstance(value, list) and 0 < len(value) <= MOST_STROKES and all(line(points) is None for points in value)
    is_even = fits and all(len(points) % 2 == 0 and all(0 <= way <= 100 for way in points) for points in value)
    return None if is_even else f"needs 1 to {MOST_STROKES} lists of pairs of numbers from 0 to 100"


def texts(count: int) -> Check:
    def check(value: object) -> str | None:
        fits = isinstance(value, list) and len(value) == count and all(text(entry) is None for entry in value)
        return None if fits else f"needs a list of {count} texts"

    return check


AXIS: Shape = {
    "name": ShapeField(text),
    "unit": ShapeField(text, is_needed=False),
    "from": ShapeField(one_number),
    "to": ShapeField(one_number),
}
LAYERS = ShapeField(
    few_rows(4),
    is_list=True,
    shape={
        "inputs": ShapeField(whole_number(1, 800)),
        "outputs": ShapeField(whole_number(1, 800)),
        "scale": ShapeField(one_number),
        "weights": ShapeField(encoded),
    },
)
GATES = ("forget", "input", "output")
FIGURES: dict[str, Shape] = {
    "convolution": {
        "images": ShapeField(few_rows(8), is_list=True, shape={"name": ShapeField(text), "pixels": ShapeField(grid())}),
        "kernels": ShapeField(
            few_rows(8), is_list=True, shape={"name": ShapeField(text), "weights": ShapeField(grid())}
        ),
    },
    "descent": {
        "axes": ShapeField(few_rows(2), is_list=True, shape=AXIS),
        "best": ShapeField(number_list(2, 2)),
        "floor": ShapeField(one_number),
        "curvature": ShapeField(grid(2, 2, least=2)),
        "levels": ShapeField(number_list(1, 12)),
        "start": ShapeField(number_list(2, 2)),
        "rates": ShapeField(number_list(2, 2)),
        "rate": ShapeField(one_number),
        "steps": ShapeField(whole_number(1, 200)),
    },
    "unrolling": {
        "inputs": ShapeField(number_list(1, 6)),
        "input_weight": ShapeField(one_number),
        "recurrent_weight": ShapeField(one_number),
        "bias": ShapeField(one_number),
    },
    "gibbs": {
        "weights": ShapeField(grid(3, 3)),
        "visible_biases": ShapeField(number_list(1, 3)),
        "hidden_biases": ShapeField(number_list(1, 3)),
        "seed": ShapeField(whole_number(0, 2**31)),
    },
    "latent": {
        "side": ShapeField(whole_number(1, 28)),
        "reach": ShapeField(one_number),
        "layers": LAYERS,
        "codes": ShapeField(rows_of_numbers(3, MOST_CODES, "a label and two numbers")),
    },
    "boundary": {
        "axes": ShapeField(few_rows(2), is_list=True, shape=AXIS),
        "classes": ShapeField(texts(2)),
        "points": ShapeField(rows_of_numbers(3, MOST_POINTS, "two numbers and a class, 0 or 1")),
        "lowest": ShapeField(one_number),
        "start": ShapeField(number_list(3, 3)),
        "sharpest": ShapeField(one_number),
        "rate": ShapeField(one_number),
        "updates": ShapeField(whole_number(1, 100)),
    },
    "softmax": {
        "options": ShapeField(
            few_rows(6), is_list=True, shape={"name": ShapeField(text), "score": ShapeField(one_number)}
        ),
        "scores": ShapeField(number_list(2, 2)),
        "temperatures": ShapeField(number_list(2, 2)),
    },
    "gates": {
        "memory": ShapeField(one_number),
        "steps": ShapeField(
            few_rows(6), is_list=True, shape={name: ShapeField(one_number) for name in (*GATES, "candidate")}
        ),
    },
    "sizes": {
        "size": ShapeField(whole_number(3, WIDEST)),
        "kernel": ShapeField(whole_number(1, 5)),
        "stride": ShapeField(whole_number(1, 4)),
        "padding": ShapeField(whole_number(0, 3)),
        "pool": ShapeField(whole_number(1, 3)),
    },
    "walk": {
        "side": ShapeField(whole_number(1, 28)),
        "layers": LAYERS,
        "codes": ShapeField(labeled_codes),
        "from": ShapeField(whole_number(0, WIDEST - 1)),
        "to": ShapeField(whole_number(0, WIDEST - 1)),
    },
    "digit": {
        "examples": ShapeField(
            few_rows(20), is_list=True, shape={"name": ShapeField(text), "strokes": ShapeField(strokes)}
        ),
    },
}


type Table = list[list[Decimal]]


class Convolution(TypedDict):
    images: list[dict[str, Table]]
    kernels: list[dict[str, Table]]


class Descent(TypedDict):
    axes: list[dict[str, Decimal]]
    curvature: Table
    levels: list[Decimal]
    start: list[Decimal]
    rates: list[Decimal]
    rate: Decimal


class Cell(TypedDict):
    recurrent_weight: Decimal


class Machine(TypedDict):
    weights: Table
    visible_biases: list[Decimal]
    hidden_biases: list[Decimal]


class DecoderLayer(TypedDict):
    inputs: int
    outputs: int
    weights: str


class LatentPlane(TypedDict):
    side: int
    reach: Decimal
    layers: list[DecoderLayer]


class Boundary(TypedDict):
    axes: list[dict[str, Decimal]]
    points: Table
    start: list[Decimal]
    sharpest: Decimal


class Softmax(TypedDict):
    options: list[dict[str, Decimal]]
    scores: list[Decimal]
    temperatures: list[Decimal]


class Gates(TypedDict):
    steps: list[dict[str, Decimal]]


Walk = TypedDict("Walk", {"side": int, "layers": list[DecoderLayer], "codes": Table, "from": int, "to": int})


KIND: Shape = {"kind": ShapeField(one_of(*FIGURES))}


def _wrong_convolution(data: Convolution) -> Iterator[str]:
    images = [image["pixels"] for image in data["images"]]
    kernels = [kernel["weights"] for kernel in data["kernels"]]
    if any(len(kernel) > len(image) or len(kernel[0]) > len(image[0]) for image in images for kernel in kernels):
        yield "every kernel must fit on every image."


def _wrong_descent(data: Descent) -> Iterator[str]:
    (a, b), (c, d) = data["curvature"]
    if b != c or a <= 0 or a * d <= b * b:
        yield "“curvature” needs a symmetric, positive definite matrix, so that there is one smallest loss."
    if len(data["axes"]) != 2 or any(axis["from"] >= axis["to"] for axis in data["axes"]):
        yield "“axes” needs two axes, each from a smaller to a larger number."
    elif any(
        not axis["from"] <= coordinate <= axis["to"]
        for axis, coordinate in zip(data["axes"], data["start"], strict=True)
    ):
        yield "“start” needs a place in the plane of the axes."
    if any(level <= 0 for level in data["levels"]):
        yield "“levels” are above the smallest loss, so they are positive."
    slowest, fastest = data["rates"]
    if slowest >= fastest or not slowest <= data["rate"] <= fastest:
        yield "“rates” needs a smaller and a larger number, and “rate” lies between them."


def _wrong_unrolling(data: Cell) -> Iterator[str]:
    if abs(data["recurrent_weight"]) > HEAVIEST:
        yield "“recurrent_weight” needs a number from −1.5 to 1.5."


def _wrong_gibbs(data: Machine) -> Iterator[str]:
    if (len(data["weights"]), len(data["weights"][0])) != (len(data["visible_biases"]), len(data["hidden_biases"])):
        yield "“weights” needs a row for each visible unit and a column for each hidden unit."


def _wrong_layers(layers: list[DecoderLayer], inputs: int, side: int) -> Iterator[str]:
    sizes = [(layer["inputs"], layer["outputs"]) for layer in layers]
    chained = all(one[1] == after[0] for one, after in pairwise(sizes))
    if not chained or sizes[0][0] != inputs or sizes[-1][1] != side**2:
        yield f"“layers” must lead from {inputs} numbers to the pixels, each from the outputs of the layer before."
    for index, layer in enumerate(layers):
        if len(layer["weights"]) != (layer["inputs"] + 1) * layer["outputs"]:
            yield f"layers[{index}] needs one character for each weight and each bias."


def _wrong_latent(data: LatentPlane) -> Iterator[str]:
    if data["reach"] <= 0:
        yield "“reach” needs a positive number."
    yield from _wrong_layers(data["layers"], 2, data["side"])


def _wrong_boundary(data: Boundary) -> Iterator[str]:
    if len(data["axes"]) != 2 or any(axis["from"] >= axis["to"] for axis in data["axes"]):
        yield "“axes” needs two axes, each from a smaller to a larger number."
        return
    left, right, sharpness = data["start"]
    up = data["axes"][1]
    if not all(up["from"] <= end <= up["to"] for end in (left, right)) or not 0 < sharpness <= data["sharpest"]:
        yield "“start” needs two places on the second axis, and a sharpness above 0 and at most “sharpest”."
    if any(point[2] not in (0, 1) for point in data["points"]):
        yield "“points” needs a class, 0 or 1, as the third number of each row."


def _wrong_softmax(data: Softmax) -> Iterator[str]:
    (least, most), (coldest, hottest) = data["scores"], data["temperatures"]
    if least >= most or any(not least <= option["score"] <= most for option in data["options"]):
        yield "“scores” needs a smaller and a larger number, and the score of each option lies between them."
    if not 0 < coldest <= 1 <= hottest or coldest == hottest:
        yield "“temperatures” needs two positive numbers, and 1 lies between them."


def _wrong_gates(data: Gates) -> Iterator[str]:
    for index, step in enumerate(data["steps"]):
        if any(not 0 <= step[gate] <= 1 for gate in GATES) or abs(step["candidate"]) > 1:
            yield f"steps[{index}] needs gates from 0 to 1 and a candidate from −1 to 1."


def _wrong_walk(data: Walk) -> Iterator[str]:
    yield from _wrong_layers(data["layers"], len(data["codes"][0]) - 1, data["side"])
    if any(end >= len(data["codes"]) for end in (data["from"], data["to"])):
        yield "“from” and “to” need places in “codes”, 0 for the first."


def _nothing_wrong(_data: object) -> Iterator[str]:
    yield from ()


# What the shape cannot say.
WRONG: dict[str, Callable[..., Iterator[str]]] = {
    "convolution": _wrong_convolution,
    "descent": _wrong_descent,
    "unrolling": _wrong_unrolling,
    "gibbs": _wrong_gibbs,
    "latent": _wrong_latent,
    "boundary": _wrong_boundary,
    "softmax": _wrong_softmax,
    "gates": _wrong_gates,
    "sizes": _nothing_wrong,
    "walk": _wrong_walk,
    "digit": _nothing_wrong,
}


def read_interactive(data: object, report: Report) -> InteractiveFigure | None:
    """Return the figure that a file describes, or None after reporting every mistake in it."""
    if not check_shape(data, KIND, report, is_closed=False) or not isinstance(data, dict):
        return None
    kind = data["kind"]
    if not check_shape(data, {**KIND, **FIGURES[kind]}, report):
        return None
    own = {name: value for name, value in data.items() if name != "kind"}
    values = json.dumps(own, default=float, ensure_ascii=False, separators=(",", ":"))
    problems = [*WRONG[kind](data)]
    if len(values) > MOST_CHARACTERS:
        problems.append(
            f"an interactive figure has at most {MOST_CHARACTERS} characters of data; this one has {len(values)}."
        )
    for problem in problems:
        report((), problem)
    return None if problems else InteractiveFigure(kind, values)
