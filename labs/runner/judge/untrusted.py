"""Answers from a sandbox, read as what they are: anything at all.

Every value is rebuilt from checked parts (kernel/wire.py has the shapes), so that what a probe judges is a plain bool,
int, float, str, list, dict or NumPy array of this process, whatever the learner's process made of itself.
"""

import base64
import binascii
import math
from typing import Any

import numpy as np

from labs.runner.kernel.wire import DTYPES, MOST_BYTES, MOST_DEPTH, MOST_ITEMS, MOST_TEXT

MOST_AXES = 8
MOST_DIGITS = 4_000


class Unacceptable(Exception):
    """The answer is no answer; the message tells the learner what was there instead."""


class Raised(Exception):
    """The learner's code raised, or gave no answer at all; the message tells what."""


def read_answer(answer: Any) -> Any:
    """The value of an answer. Raises Raised for an error, Unacceptable for whatever cannot be a value."""
    if not isinstance(answer, dict):
        raise Unacceptable("The answer could not be read.")
    if "error" in answer:
        raise Raised(_told(answer["error"]))
    return read_value(answer.get("ok"))


def _told(error: Any) -> str:
    if not isinstance(error, dict):
        return "Your code raised an error."
    name, message = (_line(error.get(part), most) for part, most in (("type", 60), ("message", 300)))
    if name in {"Ended", "TooSlow", "Unreadable", "Unknown"}:  # the runner's own sentences
        return message or "There was no answer."
    return f"Your code raised {name}: {message}" if message else f"Your code raised {name or 'an error'}."


def _line(text: Any, most: int) -> str:
    """Printable text in one line, cut."""
    if not isinstance(text, str):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in text[: most * 2]).strip()[:most]


def read_value(value: Any, depth: int = 0) -> Any:
    kind = value.get("kind") if isinstance(value, dict) else None
    if depth > MOST_DEPTH or not isinstance(kind, str) or kind not in READERS:
        raise Unacceptable("The answer could not be read.")
    return READERS[kind](value, depth)


def _bool(value: dict[str, Any], _depth: int) -> bool:
    return _typed(value.get("value"), bool)


def _int(value: dict[str, Any], _depth: int) -> int:
    text = _typed(value.get("value"), str)
    if len(text) > MOST_DIGITS or not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise Unacceptable("A whole number could not be read.")
    return int(text)


def _float(value: dict[str, Any], _depth: int) -> float:
    text = _typed(value.get("value"), str)
    try:
        return float(text[:64])
    except ValueError:
        raise Unacceptable("A number could not be read.") from None


def _text(value: dict[str, Any], _depth: int) -> str:
    return _typed(value.get("value"), str)[:MOST_TEXT]


def _list(value: dict[str, Any], depth: int) -> list[Any]:
    items = _typed(value.get("items"), list)
    if len(items) > MOST_ITEMS:
        raise Unacceptable("The list is too long.")
    return [read_value(item, depth + 1) for item in items]


def _dict(value: dict[str, Any], depth: int) -> dict[str, Any]:
    pairs = _typed(value.get("items"), list)
    if len(pairs) > MOST_ITEMS or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Unacceptable("The dictionary could not be read.")
    return {_typed(name, str): read_value(item, depth + 1) for name, item in pairs}


def _array(value: dict[str, Any], _depth: int) -> np.ndarray:
    dtype, shape, data = value.get("dtype"), _typed(value.get("shape"), list), _typed(value.get("data"), str)
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Unacceptable("The array holds no numbers.")
    if len(shape) > MOST_AXES or not all(type(size) is int and 0 <= size <= MOST_BYTES for size in shape):
        raise Unacceptable("The array's shape could not be read.")
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > MOST_BYTES or len(data) != 4 * math.ceil(size / 3):
        raise Unacceptable("The array's size does not fit its shape.")
    try:
        read = base64.b64decode(data, validate=True)
    except binascii.Error:
        raise Unacceptable("The array could not be read.") from None
    if len(read) != size:
        raise Unacceptable("The array's size does not fit its shape.")
    return np.frombuffer(read, dtype=dtype).reshape(shape)


def _other(value: dict[str, Any], _depth: int) -> None:
    name = _line(value.get("type"), 60) or "something else"
    raise Unacceptable(f"A value of type {name} came back, where a number, text or array was asked for.")


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise Unacceptable("The answer could not be read.")
    return value


READERS = {
    "none": lambda value, depth: None,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "text": _text,
    "list": _list,
    "dict": _dict,
    "array": _array,
    "other": _other,
}


def as_numbers(value: Any) -> np.ndarray:
    """A number, array or nested list of numbers as float64. Raises Unacceptable for anything else, NaN and infinity."""
    if value is None:
        raise Unacceptable("Nothing came back (None). Is there a return?")
    if isinstance(value, list):
        parts = [as_numbers(item) for item in value]
        if len({part.shape for part in parts}) > 1:
            raise Unacceptable("The rows of the list have different lengths.")
        array = np.array(parts, dtype=np.float64)
    elif isinstance(value, bool | str | dict) or (isinstance(value, np.ndarray) and value.dtype.kind == "b"):
        raise Unacceptable("The answer is no number.")
    else:
        array = _as_float64(value)
    if not np.isfinite(array).all():
        raise Unacceptable("The answer holds a value that is no finite number (NaN or infinity).")
    return array


def as_plain(value: Any) -> Any:
    """What an author's `accept` gets: text, arrays of finite float64, and lists and dicts of these."""
    if isinstance(value, dict):
        return {name: as_plain(item) for name, item in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not _is_regular(value):
        return [as_plain(item) for item in value]
    return as_numbers(value)


def _is_regular(items: list[Any]) -> bool:
    """Whether a list is one array rather than several things, such as a model's weights."""
    kinds = {(type(item), np.shape(item)) for item in items if not isinstance(item, list)}
    nested = [item for item in items if isinstance(item, list)]
    return all(type_ in {int, float} for type_, _ in kinds) and all(_is_regular(item) for item in nested)


def _as_float64(value: Any) -> np.ndarray:
    try:
        return np.asarray(value, dtype=np.float64)
    except OverflowError:
        raise Unacceptable("The number is too large.") from None
