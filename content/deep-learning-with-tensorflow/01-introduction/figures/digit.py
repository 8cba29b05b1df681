"""The first figure of the course: a drawn digit, and what the small network of the page reads in it."""

import json
import string
from pathlib import Path

import numpy as np
import plot

CHARACTERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/"  # −32 to 31
NETWORK = Path(__file__).parents[4] / "static" / "networks" / "digit-reader.json"
SIDE, BOX, PEN, LEAST = 28, 18, 1.5, 20  # as in static/js/interactive-reading.js


def _strokes(example):
    return [np.array(stroke, dtype=float).reshape(-1, 2) for stroke in example["strokes"]]


def _inked(strokes):
    """The ink of each pixel, which falls with the distance of its middle to the nearest stroke."""
    middles = np.stack(np.meshgrid(*[np.arange(SIDE) + 0.5] * 2), axis=-1)
    nearest = np.full((SIDE, SIDE), np.inf)
    for stroke in strokes:
        for a, b in zip(np.concatenate([stroke[:1], stroke]), stroke):  # a stroke may be a single point
            length = ((b - a) ** 2).sum() or 1
            along = np.clip(((middles - a) @ (b - a)) / length, 0, 1)[..., None]
            nearest = np.minimum(nearest, np.linalg.norm(middles - a - along * (b - a), axis=-1))
    return np.clip(PEN + 0.5 - nearest, 0, 1)


def _picture(strokes):
    """The strokes as an image such as the network was trained on: 18 pixels in the longer direction, ink in the middle."""
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = BOX / max(*extent, LEAST)
    placed = [(stroke - low - extent / 2) * scale + SIDE / 2 for stroke in strokes]
    image = _inked(placed)
    weights = [image.sum(axis=axis) @ (np.arange(SIDE) + 0.5) / image.sum() - SIDE / 2 for axis in (0, 1)]
    return _inked([stroke - np.array(weights) for stroke in placed])


def _read(image):
    """The ten probabilities, computed as the page does: convolutions, ReLU and max pooling."""
    values = image[..., None]
    layers = json.loads(NETWORK.read_text())["layers"]
    for layer in layers:
        size, stride, pool = layer["size"], layer["stride"], layer["pool"]
        numbers = layer["scale"] * np.array([CHARACTERS.index(character) - 32 for character in layer["weights"]])
        kernel = numbers[: -layer["outputs"]].reshape(size, size, layer["inputs"], layer["outputs"])
        windows = np.lib.stride_tricks.sliding_window_view(values, (size, size), axis=(0, 1))[::stride, ::stride]
        values = np.einsum("ijcab,abco->ijo", windows, kernel) + numbers[-layer["outputs"] :]
        if layer is not layers[-1]:
            values = np.maximum(0, values)
            side = len(values) // pool
            cut = values[: side * pool, : side * pool]
            values = cut.reshape(side, pool, side, pool, -1).max(axis=(1, 3))
    powers = np.exp(values.ravel() - values.max())
    return powers / powers.sum()


def drawn_digit():
    """The first drawing, its image of 28 × 28, and a bar for each digit."""
    strokes = _strokes(plot.interactive(__file__, "drawn-digit.yaml")["examples"][0])
    image, parts = _picture(strokes), [plot.box(8, 24, 168, 168), plot.text(92, 16, "a drawing")]
    for stroke in strokes:
        ways = "L".join(f"{plot.number(8 + 1.68 * x)} {plot.number(24 + 1.68 * y)}" for x, y in stroke)
        look = 'stroke="currentColor" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"'
        parts.append(f'<path d="M{ways}" fill="none" {look}/>')
    parts += [plot.text(284, 16, "28 × 28 pixels"), plot.box(200, 24, 168, 168, "pg")]
    parts += plot.pixels(200, 24, image, 6)
    parts.append(plot.text(478, 16, "probability"))
    for digit, share in enumerate(_read(image)):
        top = 24 + 17 * digit
        parts += [plot.text(402, top + 13, str(digit)), plot.lines([[(412, top + 1), (412, top + 16)]], "pa")]
        if share > 0.005:
            parts.append(
                f'<rect class="k1" x="412" y="{top + 2}" width="{plot.number(120 * share)}" height="13" {plot.MARKS["k1"]}/>'
            )
    return plot.svg(550, 202, parts)
