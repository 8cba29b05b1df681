"""Build files/persuasion.txt from the Debian package r-cran-janeaustenr.

    apt-get download r-cran-janeaustenr
    dpkg-deb -x r-cran-janeaustenr_*.deb unpacked
    python -m labs.runner.data.build_persuasion unpacked/usr/lib/R/site-library/janeaustenr/data/Rdata.rdb

The file holds a series of compressed R objects. Each novel is a character vector of lines; R stores each line as a type
word, a length and the bytes.
"""

import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).with_name("files") / "persuasion.txt"
CHARSXP, STRSXP = 9, 16


def objects(stored: bytes) -> Iterator[bytes]:
    """Yield each object, decompressed. It is stored as four bytes with its uncompressed length, then zlib data."""
    at = 0
    while at < len(stored):
        inflate = zlib.decompressobj()
        yield inflate.decompress(stored[at + 4 :])
        at = len(stored) - len(inflate.unused_data)


def lines(plain: bytes) -> list[str]:
    """Return the strings of a serialized character vector (XDR, version 2 or 3)."""
    version = struct.unpack_from(">i", plain, 2)[0]
    at = 14
    if version == 3:
        at += 4 + struct.unpack_from(">i", plain, at)[0]
    kind, count = struct.unpack_from(">ii", plain, at)
    if kind & 0xFF != STRSXP:
        return []
    at += 8
    strings = []
    for _ in range(count):
        flags, size = struct.unpack_from(">ii", plain, at)
        assert flags & 0xFF == CHARSXP
        at += 8
        strings.append(plain[at : at + size].decode())
        at += size
    return strings


def build(path: str) -> str:
    novels = [lines(plain) for plain in objects(Path(path).read_bytes())]
    novel = next(some for some in novels if some and some[0].strip().upper() == "PERSUASION")
    return "\n".join(line.rstrip() for line in novel).strip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(build(sys.argv[1]), encoding="utf-8")
