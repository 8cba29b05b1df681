"""Make pages from texts that are bytes already, and compress them from texts that are compressed already.

Most of a page is the same for everyone and kept in memory (`foundation.fast.keeping`). While the page is
made, a placeholder stands for such a text, so that it is neither copied with each part of the template around it nor
encoded again. Compressing a lesson takes longer than making it. A long kept text is therefore compressed once, as
blocks that refer to nothing outside of them, so that they fit into any page. Formats: deflate (RFC 1951) and gzip (RFC
1952).
"""

import re
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

LONG = 8192  # bytes from which a text gets separate blocks: shorter texts compress better together
LEVEL = 3  # for what differs from request to request: half the time of level 6, and an eighth larger
PADDING = 100  # a random number of bytes below this hides the exact size of a page with a secret (BREACH)
HEADER_WITH_NAME = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"
RANDOM = secrets.token_hex(16)  # in every placeholder, so that no learner's text can contain one
PLACEHOLDER = re.compile(rf"{RANDOM}(\d+)-".encode())
WORTH_A_PLACEHOLDER = 512  # bytes; a shorter text is copied more quickly than it is replaced


class KeptText(bytes):
    """A text that many pages contain, with its compressed form."""

    @cached_property
    def blocks(self) -> bytes:
        stream = deflating(zlib.Z_BEST_COMPRESSION)
        return stream.compress(self) + stream.flush(zlib.Z_FULL_FLUSH)


class Placeholders:
    """The texts for which placeholders stand while a page is made."""

    def __init__(self) -> None:
        self.texts: list[list[bytes]] = []
        self.is_paused = False

    def take(self, text: list[bytes]) -> str:
        """Return what the page holds for these pieces: a placeholder, or the text itself if it is short."""
        if self.is_paused or sum(map(len, text)) < WORTH_A_PLACEHOLDER:
            return b"".join(text).decode()
        self.texts.append(text)
        return f"{RANDOM}{len(self.texts) - 1}-"

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Use no placeholder in what is rendered inside, because it is kept, escaped or sent in another way."""
        before, self.is_paused = self.is_paused, True
        try:
            yield
        finally:
            self.is_paused = before

    def filled(self, content: bytes) -> list[bytes]:
        """Return the content in pieces, with each text in the place of its placeholder."""
        if not self.texts:
            return [content]
        pieces: list[bytes] = []
        for number, piece in enumerate(PLACEHOLDER.split(content)):
            pieces += self.texts[int(piece)] if number % 2 else [piece]
        return pieces


def gzipped(pieces: Iterable[bytes]) -> bytes:
    """Return a text in pieces as a gzip file. Those that are kept texts are not compressed again."""
    stream, size, checksum = deflating(LEVEL), 0, 0
    parts = [HEADER_WITH_NAME, b"a" * secrets.randbelow(PADDING), b"\x00"]
    for piece in pieces:
        size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        if isinstance(piece, KeptText):
            parts += stream.flush(zlib.Z_FULL_FLUSH), piece.blocks
        else:
            parts.append(stream.compress(piece))
    parts.append(stream.flush(zlib.Z_FINISH))
    parts.append(struct.pack("<LL", checksum, size % 2**32))
    return b"".join(parts)


def deflating(level: int) -> "zlib._Compress":
    return zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
