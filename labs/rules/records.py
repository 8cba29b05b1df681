"""TensorBoard's event files: records of protocol buffers, read strictly and within bounds; hostile code wrote them.

Formats: tensorflow/core/lib/io/record_writer (length, check sum, bytes, check sum) and the wire format of protocol buffers.
Check sums are not compared: they tell of broken disks, and who wrote the file may have made them.
"""

import struct
from collections.abc import Iterator

LENGTH = struct.Struct("<Q4x")
FOOT = 4  # bytes of the second check sum
MOST_RECORDS = 20_000  # of one file
LARGEST_RECORD = 1 << 20  # bytes; a graph may be larger, and is passed over

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5

type Field = tuple[int, int | bytes]


class Malformed(ValueError):
    """These bytes are not what they should be."""


def records(content: bytes) -> Iterator[bytes]:
    """The whole records of a file up to the first that is not whole: it may still be written to."""
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


def fields(message: bytes) -> Iterator[Field]:
    """(number, value) of a message: an integer of a varint, else the raw bytes. Malformed for anything else."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        size, at = _varint(message, at) if kind == BYTES else ({EIGHT: 8, FOUR: 4}.get(kind), at)
        if size is None or at + size > len(message):
            raise Malformed("a field without an end")
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    found = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise Malformed("a number without an end")
        byte = message[at]
        found |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return found & (2**64 - 1), at
    raise Malformed("a number too long")


def doubles(value: int | bytes) -> tuple[float, ...]:
    return _numbers("d", 8, value)


def floats(value: int | bytes) -> tuple[float, ...]:
    return _numbers("f", 4, value)


def _numbers(letter: str, width: int, value: int | bytes) -> tuple[float, ...]:
    if not isinstance(value, bytes) or len(value) % width:
        raise Malformed("these are no numbers")
    return struct.unpack(f"<{len(value) // width}{letter}", value)


def part(value: int | bytes) -> bytes:
    """A field that holds a message or a text."""
    if not isinstance(value, bytes):
        raise Malformed("a number where a message belongs")
    return value


def whole(value: int | bytes) -> int:
    """A signed integer of 64 bits."""
    if not isinstance(value, int):
        raise Malformed("no whole number")
    return value - 2**64 if value >= 2**63 else value
