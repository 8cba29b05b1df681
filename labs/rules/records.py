"""Parse TensorBoard's event files: records of protocol buffers, read strictly and within limits, because hostile code
wrote them.

Formats: tensorflow/core/lib/io/record_writer (length, checksum, bytes, checksum) and the wire format of protocol
buffers. Checksums are not compared: they detect broken disks, but an attacker can compute them.
"""

import struct
from collections.abc import Iterator

LENGTH = struct.Struct("<Q4x")
FOOT = 4  # bytes of the second checksum
MOST_RECORDS = 20_000  # bytes of one file
LARGEST_RECORD = 1 << 20  # bytes; a graph may be larger, and is skipped

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5

type WireField = tuple[int, int | bytes]


class MalformedRecord(ValueError):
    """The bytes do not follow the format."""


class Spent(Exception):
    """Reading would exceed the budget."""


class Budget:
    """How much reading may cost in total. A unit is a field or a bucket, about a microsecond."""

    def __init__(self, units: int) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Subtract from the budget. Raises Spent if it is used up."""
        self.left -= units
        if self.left < 0:
            raise Spent


def records(content: bytes) -> Iterator[bytes]:
    """Yield the complete records of a file. Stop at the first incomplete one, because the file may still be growing."""
    at = 0
    for _ in range(MOST_RECORDS):
        if len(content) - at < LENGTH.size:
            return
        (size,) = LENGTH.unpack_from(content, at)
        start = at + LENGTH.size
        at = start + size + FOOT
        if at > len(content):
            return
        if size <= LARGEST_RECORD:
            yield content[start : start + size]


def fields(message: bytes, budget: Budget) -> Iterator[WireField]:
    """Yield (number, value) for each field of a message: an integer for a varint, else the raw bytes.

    Raises MalformedRecord for anything else, Spent if the budget is used up.
    """
    at = 0
    while at < len(message):
        budget.spend(1)
        key, at = _varint(message, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        size, at = _varint(message, at) if kind == BYTES else ({EIGHT: 8, FOUR: 4}.get(kind), at)
        if size is None or at + size > len(message):
            raise MalformedRecord("a field without an end")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise MalformedRecord("a number without an end")
        byte = message[at]
        number |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return number & (2**64 - 1), at
    raise MalformedRecord("a number too long")


def doubles(value: int | bytes) -> tuple[float, ...]:
    """Return the field as 64-bit floats. Raises MalformedRecord."""
    return _unpack_numbers("d", 8, value)


def floats(value: int | bytes) -> tuple[float, ...]:
    """Return the field as 32-bit floats. Raises MalformedRecord."""
    return _unpack_numbers("f", 4, value)


def _unpack_numbers(letter: str, width: int, value: int | bytes) -> tuple[float, ...]:
    if not isinstance(value, bytes) or len(value) % width:
        raise MalformedRecord("these are not numbers")
    return struct.unpack(f"<{len(value) // width}{letter}", value)


def message_field(value: int | bytes) -> bytes:
    """Return a field that holds a message or a text. Raises MalformedRecord if it is a number."""
    if not isinstance(value, bytes):
        raise MalformedRecord("a number where a message belongs")
    return value


def whole(value: int | bytes) -> int:
    """Return a field as a signed 64-bit integer. Raises MalformedRecord if it is not a number."""
    if not isinstance(value, int):
        raise MalformedRecord("no whole number")
    return value - 2**64 if value >= 2**63 else value
