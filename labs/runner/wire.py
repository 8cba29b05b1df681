"""What passes between the supervisor and a sandboxed child: length-prefixed messages on one socket pair.

To the child, from us: four bytes of length (big endian) and a JSON object.
From the child, never trusted: four bytes of length, two of the head's length, the head (a small JSON object with `kind`
and `parts`, a list of [name, length]), and the parts' bytes one after another. Large values never go through a JSON parser
here, so a hostile message costs no more memory than its length.
"""

import json
import struct
from collections.abc import Callable

LENGTH, HEAD_LENGTH = struct.Struct(">I"), struct.Struct(">H")
MESSAGE_BYTES = 16 << 20
KINDS = ("hello", "frame", "done", "answer", "attempted")


class Malformed(Exception):
    """The child sent what no honest child sends. It is ended."""


def pack(kind: str, facts: dict, parts: dict[str, bytes]) -> bytes:
    """A message of the child's: small `facts`, and the parts by name."""
    sizes = [[name, len(value)] for name, value in parts.items()]
    head = json.dumps({**facts, "kind": kind, "parts": sizes}).encode()
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
    """A JSON object, or Malformed: for wrong UTF-8, wrong JSON, 10,000 nested brackets, or another type."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(found, dict):
        raise Malformed("not an object")
    return found


def unpack(body: bytes) -> tuple[str, dict, dict[str, bytes]]:
    """Kind, facts and parts of a child's message, every length checked. Malformed otherwise."""
    head, rest = head_of(body)
    kind, sizes = head.pop("kind", None), head.pop("parts", None)
    if kind not in KINDS or not isinstance(sizes, list):
        raise Malformed("no such kind of message")
    parts = {}
    for each in sizes:
        name, size = each if isinstance(each, list) and len(each) == 2 else (None, None)
        if not isinstance(name, str) or type(size) is not int or not 0 <= size <= len(rest):
            raise Malformed("a part that is not there")
        parts[name], rest = bytes(rest[:size]), rest[size:]
    if len(rest):
        raise Malformed("bytes that belong to no part")
    return kind, head, parts


def read_exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    """`count` bytes from a blocking `receive`, or EOFError."""
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
    """The next order, in the child. EOFError when the supervisor has gone."""
    (size,) = LENGTH.unpack(read_exactly(receive, LENGTH.size))
    return json.loads(read_exactly(receive, size))
