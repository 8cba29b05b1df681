"""The decoder of the interactive figure on latent codes, computed by NumPy from the characters in the course's folder."""

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

BASE64 = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}+/"


def decoded(layers: Sequence[dict[str, Any]], codes: Any) -> Any:
    """Return the images of these codes: ReLU between the layers, a sigmoid at the end."""
    values = np.asarray(codes, dtype=float)
    for depth, layer in enumerate(layers, 1):
        steps = np.array([BASE64.index(character) - 32.0 for character in layer["weights"]])
        table = layer["scale"] * steps.reshape(layer["inputs"] + 1, layer["outputs"])
        sums = values @ table[:-1] + table[-1]
        values = 1 / (1 + np.exp(-sums)) if depth == len(layers) else np.maximum(0, sums)
    return values
