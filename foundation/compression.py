"""Compress pages from texts that are compressed already.

Compressing a lesson takes longer than making it, and most of it is the same for everyone. A long kept text is therefore
compressed once, as blocks that refer to nothing outside of them, so that they fit into any page. Formats: deflate (RFC
1951) and gzip (RFC 1952).
"""

import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONG = 8192  # bytes from which a text gets separate blocks: shorter texts compress better together
LEVEL = 3  # for what differs from request to request: half the time of level 6, and an eighth larger
PADDING = 100  # a random number of bytes below this hides the exact size of a page with a secret (BREACH)
HEADER_WITH_NAME = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"


class KeptText:
    """A text that many pages contain, with its compressed form."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        stream = deflating(zlib.Z_BEST_COMPRESSION)
        self.blocks = stream.compress(self.data) + stream.flush(zlib.Z_FULL_FLUSH)


_shown: ContextVar[list[KeptText] | None] = ContextVar("shown", default=None)


@contextmanager
def noting_kept_texts() -> Iterator[list[KeptText]]:
    """Yield the list of the kept texts that are shown inside."""
    shown: list[KeptText] = []
    token = _shown.set(shown)
    try:
        yield shown
    finally:
        _shown.reset(token)


def note_kept_text(text: KeptText) -> None:
    """Note for the code that compresses this page that the page contains `text`."""
    shown = _shown.get()
    if shown is not None:
        shown.append(text)


def gzipped(content: bytes, kept: Iterable[KeptText] = ()) -> bytes:
    """Return the content as a gzip file. Kept texts are looked for in their order; a missing one is passed over."""
    stream, end = deflating(LEVEL), 0
    parts = [HEADER_WITH_NAME, b"a" * secrets.randbelow(PADDING), b"\x00"]
    for text in kept:
        start = content.find(text.data, end)
        if start >= 0:
            parts += stream.compress(content[end:start]), stream.flush(zlib.Z_FULL_FLUSH), text.blocks
            end = start + len(text.data)
    parts += stream.compress(content[end:]), stream.flush(zlib.Z_FINISH)
    parts.append(struct.pack("<LL", zlib.crc32(content), len(content) % 2**32))
    return b"".join(parts)


def deflating(level: int) -> "zlib._Compress":
    return zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
