"""Parse answers from a sandbox, which may contain anything.

Every value is rebuilt from checked parts (kernel/wire.py describes the format). So a probe only sees a plain bool, int,
float, str, list, dict or NumPy array made in this process, whatever the learner's process did.
"""

import base64
import binascii
import math

import numpy as np

from labs.runner.kernel.wire import DTYPES, MOST_BYTES, MOST_DEPTH, MOST_ITEMS, MOST_TEXT

MOST_AXES = 8
MOST_DIGITS = 4_000
MOST_NUMBERS = MOST_BYTES // 4  # as many as an array of float32 may have


class Unacceptable(Exception):
    """The answer is not a valid value; the message tells the learner what it contained."""


class Raised(Exception):
    """The learner's code raised an exception or did not answer; the message says which."""


def read_answer(answer: object) -> object:
    """Return the answer's value. Raises Raised if it is an error, Unacceptable if it is not a valid value."""
    if not isinstance(answer, dict):
        raise Unacceptable("The answer could not be read.")
    if "error" in answer:
        raise Raised(_error_sentence(answer["error"]))
    value = read_value(answer.get("ok"))
    if numbers_in(value) > MOST_NUMBERS:
        raise Unacceptable(f"The answer holds more than {MOST_NUMBERS:,} numbers.")
    return value


def numbers_in(value: object) -> int:
    """Count the numbers to judge; each takes eight bytes."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(map(numbers_in, value.values()))
    return sum(map(numbers_in, value)) if isinstance(value, list) else 1


def _error_sentence(error: object) -> str:
    if not isinstance(error, dict):
        return "Your code raised an error."
    name, message = (_line(error.get(part), most) for part, most in (("type", 60), ("message", 300)))
    if name in {"Ended", "TooSlow", "Unreadable", "Unknown"}:  # error types whose messages the runner itself wrote
        return message or "The code did not answer."
    return f"Your code raised {name}: {message}" if message else f"Your code raised {name or 'an error'}."


def _line(text: object, most: int) -> str:
    """Return one line of printable text, cut to `most` characters."""
    if not isinstance(text, str):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in text[: most * 2]).strip()[:most]


def read_value(value: object, depth: int = 0) -> object:
    if depth <= MOST_DEPTH and isinstance(value, dict):
        kind = value.get("kind")
        if isinstance(kind, str) and kind in READERS:
            return READERS[kind](value, depth)
    raise Unacceptable("The answer could not be read.")


def _bool(value: dict[str, object], _depth: int) -> bool:
    return _typed(value.get("value"), bool)


def _int(value: dict[str, object], _depth: int) -> int:
    text = _typed(value.get("value"), str)
    if len(text) > MOST_DIGITS or not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise Unacceptable("A whole number could not be read.")
    return int(text)


def _float(value: dict[str, object], _depth: int) -> float:
    text = _typed(value.get("value"), str)
    try:
        return float(text[:64])
    except ValueError:
        raise Unacceptable("A number could not be read.") from None


def _text(value: dict[str, object], _depth: int) -> str:
    return _typed(value.get("value"), str)[:MOST_TEXT]


def _list(value: dict[str, object], depth: int) -> list[object]:
    items = _typed(value.get("items"), list)
    if len(items) > MOST_ITEMS:
        raise Unacceptable("The list is too long.")
    return [read_value(item, depth + 1) for item in items]


def _dict(value: dict[str, object], depth: int) -> dict[str, object]:
    pairs = _typed(value.get("items"), list)
    if len(pairs) > MOST_ITEMS or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Unacceptable("The dictionary could not be read.")
    return {_typed(name, str): read_value(item, depth + 1) for name, item in pairs}


def _array(value: dict[str, object], _depth: int) -> np.ndarray:
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


def _other(value: dict[str, object], _depth: int) -> None:
    name = _line(value.get("type"), 60) or "something else"
    raise Unacceptable(f"A value of type {name} came back, where a number, text or array was asked for.")


def _typed[Kind](value: object, kind: type[Kind]) -> Kind:
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


def as_numbers(value: object) -> np.ndarray:
    """Convert a number, array or nested list of numbers to float64. Raises Unacceptable for anything else, NaN and infinity."""
    array = as_any_numbers(value)
    if not np.isfinite(array).all():
        raise Unacceptable("The answer contains a value that is not finite (NaN or infinity).")
    return array


def as_any_numbers(value: object) -> np.ndarray:
    """Convert a number, array or nested list of numbers to float64. Raises Unacceptable for anything but numbers."""
    if value is None:
        raise Unacceptable("Nothing came back (None). Is there a return?")
    if isinstance(value, list):
        parts = [as_any_numbers(item) for item in value]
        if len({part.shape for part in parts}) > 1:
            raise Unacceptable("The rows of the list have different lengths.")
        return np.array(parts, dtype=np.float64)
    if isinstance(value, bool | str | dict) or (isinstance(value, np.ndarray) and value.dtype.kind == "b"):
        raise Unacceptable("The answer is not a number.")
    return _as_float64(value)


def as_plain(value: object) -> object:
    """Return the answer as `accept` gets it: text, arrays of finite float64, and lists and dicts of these."""
    if isinstance(value, dict):
        return {name: as_plain(item) for name, item in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not _is_regular(value):
        return [as_plain(item) for item in value]
    return as_numbers(value)


def _is_regular(items: list[object]) -> bool:
    """Return whether a list is one array, not several things such as a model's weights."""
    return all(_is_regular(item) if isinstance(item, list) else type(item) in {int, float} for item in items)


def _as_float64(value: object) -> np.ndarray:
    try:
        return np.asarray(value, dtype=np.float64)
    except OverflowError:
        raise Unacceptable("The number is too large.") from None
