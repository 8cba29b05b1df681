"""Messages between the supervisor and a sandboxed child, each preceded by its length, on one socket pair.

From us to the child: four bytes of length (big endian) and a JSON object. From the child, never trusted: four bytes of
length, two bytes with the head's length, the head (a small JSON object with `kind` and `parts`, a list of [name,
length]), and the bytes of the parts in order. Large values never pass through a JSON parser here, so a hostile message
takes no more memory than its length.
"""

import json
import struct
from collections.abc import Callable

LENGTH, HEAD_LENGTH = struct.Struct(">I"), struct.Struct(">H")
MESSAGE_BYTES = 16 << 20
Message = tuple[str, dict, dict[str, bytes]]
KINDS = ("hello", "frame", "done", "answer", "attempted")


class Malformed(Exception):
    """The child sent an invalid message, which only hostile code does. It is killed."""


def pack(kind: str, fields: dict, parts: dict[str, bytes]) -> bytes:
    """Pack a child's message: small `facts`, and the parts by name."""
    sizes = [[name, len(value)] for name, value in parts.items()]
    head = json.dumps({**fields, "kind": kind, "parts": sizes}).encode()
    body = b"".join((HEAD_LENGTH.pack(len(head)), head, *parts.values()))
    return LENGTH.pack(len(body)) + body


def head_of(body: bytes) -> tuple[dict, memoryview]:
    if len(body) < HEAD_LENGTH.size:
        raise Malformed("a message without a head")
    (size,) = HEAD_LENGTH.unpack_from(body)
    rest = memoryview(body)[HEAD_LENGTH.size :]
    if size > len(rest):
        raise Malformed("a head longer than its message")
    return parse(bytes(rest[:size])), rest[size:]


def parse(text: bytes) -> dict:
    """Parse a JSON object. Raises Malformed for invalid UTF-8 or JSON, deep nesting (such as 10,000 brackets), or another type."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(message, dict):
        raise Malformed("not an object")
    return message


def unpack(body: bytes) -> Message:
    """Return kind, facts and parts of a child's message, with every length checked. Raises Malformed."""
    head, rest = head_of(body)
    kind, sizes = head.pop("kind", None), head.pop("parts", None)
    if kind not in KINDS or not isinstance(sizes, list):
        raise Malformed("no such kind of message")
    parts = {}
    for entry in sizes:
        name, size = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
        if not isinstance(name, str) or type(size) is not int or not 0 <= size <= len(rest):
            raise Malformed("a part that is not there")
        parts[name], rest = bytes(rest[:size]), rest[size:]
    if len(rest):
        raise Malformed("bytes that belong to no part")
    return kind, head, parts


def read_exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    """Return `count` bytes from a blocking `receive`. Raises EOFError."""
    chunks = []
    while count:
        chunk = receive(min(count, 1 << 20))
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def to_child(message: dict) -> bytes:
    body = json.dumps(message).encode()
    return LENGTH.pack(len(body)) + body


def from_supervisor(receive: Callable[[int], bytes]) -> dict:
    """Return the next order, in the child. Raises EOFError when the supervisor has gone."""
    (size,) = LENGTH.unpack(read_exactly(receive, LENGTH.size))
    return json.loads(read_exactly(receive, size))
