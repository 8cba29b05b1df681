"""Encode values for the judge: plain numbers, text and raw arrays. Never pickle.

    {"kind": "none"} · {"kind": "bool", "value": true} · {"kind": "int", "value": "12"}
    {"kind": "float", "value": "nan"} · {"kind": "text", "value": "…"}
    {"kind": "array", "dtype": "<f4", "shape": [2, 3], "data": base64, C order}
    {"kind": "list", "items": […]} (tuples too) · {"kind": "dict", "items": [["name", …], …]}
    {"kind": "other", "type": "Foo"}: a value that the judge cannot use

An answer is {"ok": value} or {"error": {"type", "message"}}. Encoding checks types and does not duck-type: an object
that pretends to be an array is "other".
"""

import base64
from typing import Required, TypedDict

import numpy as np

MOST_ITEMS = 10_000
MOST_DEPTH = 6
MOST_BYTES = 64 * 1024 * 1024
MOST_TEXT = 100_000
DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")


class Encoded(TypedDict, total=False):
    """An encoded value: its kind, and the fields of that kind."""

    kind: Required[str]
    value: bool | str
    dtype: str
    shape: list[int]
    data: str
    items: "list[Encoded] | list[list[str | Encoded]]"
    type: str


class ProbeRequest(TypedDict, total=False):
    """A judge's request (answers.py describes them), with the fields of its operation."""

    op: Required[str]
    function: str
    args: list[Encoded]
    keywords: dict[str, Encoded]
    form: str
    name: str
    session: str
    fetch: str
    feed: dict[str, Encoded]
    source: str


class Unencodable(ValueError):
    """The value is too large, or nested too deeply, for an answer."""


def encode(value: object, depth: int = 0) -> Encoded:
    if depth > MOST_DEPTH:
        raise Unencodable(f"The value is nested more than {MOST_DEPTH} deep.")
    if value is None:
        return {"kind": "none"}
    if isinstance(value, bool | int | float | str):
        return _encode_scalar(value)
    if isinstance(value, list | tuple | dict):
        return _encode_container(value, depth)
    array = _as_array(value)
    return {"kind": "other", "type": type(value).__name__[:100]} if array is None else encode_array(array)


def _encode_scalar(value: bool | float | str) -> Encoded:
    if isinstance(value, bool):
        return {"kind": "bool", "value": value}
    if isinstance(value, int):
        return {"kind": "int", "value": str(int(value))}
    if isinstance(value, float):
        return {"kind": "float", "value": repr(float(value))}
    if len(value) > MOST_TEXT:
        raise Unencodable(f"The text is longer than {MOST_TEXT:,} characters.")
    return {"kind": "text", "value": str(value)}


def _encode_container(value: list[object] | tuple[object, ...] | dict[object, object], depth: int) -> Encoded:
    if len(value) > MOST_ITEMS:
        raise Unencodable(f"There are more than {MOST_ITEMS:,} items; return an array.")
    if isinstance(value, dict):
        pairs: list[list[str | Encoded]] = [[str(name)[:200], encode(item, depth + 1)] for name, item in value.items()]
        return {"kind": "dict", "items": pairs}
    return {"kind": "list", "items": [encode(item, depth + 1) for item in value]}


def _as_array(value: object) -> np.ndarray | None:
    """Convert NumPy arrays and scalars, eager tensors and variables, and pandas columns and tables to an array; None
    for anything else.
    """
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    if type(value).__module__.split(".")[0] in {"tensorflow", "keras", "tf_keras", "pandas"}:
        read = getattr(value, "numpy", None) or getattr(value, "to_numpy", None)
        return np.asarray(read()) if read else None
    return None


def encode_array(array: np.ndarray) -> Encoded:
    if array.dtype.kind == "U" and array.size <= MOST_ITEMS:
        return encode(array.tolist())
    dtype = array.dtype.newbyteorder("<") if array.dtype.itemsize > 1 else array.dtype
    if dtype.str not in DTYPES:
        return {"kind": "other", "type": f"array of {array.dtype}"}
    if array.nbytes > MOST_BYTES:
        raise Unencodable(f"The array takes more than {MOST_BYTES:,} bytes.")
    data = base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode()
    return {"kind": "array", "dtype": dtype.str, "shape": list(array.shape), "data": data}


def decode(value: Encoded) -> object:
    """Decode a value from a trusted side: the judge's arguments on their way into a child. Raises KeyError for unknown kinds."""
    return DECODERS[value["kind"]](value)


def _decode_array(value: Encoded) -> np.ndarray:
    read = np.frombuffer(base64.b64decode(value["data"]), dtype=np.dtype(value["dtype"]))
    return read.reshape(value["shape"]).copy()


DECODERS = {
    "none": lambda value: None,
    "bool": lambda value: value["value"],
    "int": lambda value: int(value["value"]),
    "float": lambda value: float(value["value"]),
    "text": lambda value: value["value"],
    "array": _decode_array,
    "list": lambda value: [decode(item) for item in value["items"]],
    "dict": lambda value: {name: decode(item) for name, item in value["items"]},
}
