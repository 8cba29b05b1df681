"""The files of a course folder, and how its texts find each other."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from course.markup import Asset
from foundation.fast.lazy import lazily

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = lazily("PIL.Image")  # 2 MB that only authors need

type Files = Mapping[str, bytes]

EDITION = 5  # the version of the rendering: raise it when the same text gives a different page
IGNORED = ("__pycache__",)
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}  # as Pillow calls them
MOST_PIXELS = 40_000_000
DAMAGED = "is not a picture that browsers can show, or is damaged"
NUMBER_OF_DIGITS = 16


@dataclass(frozen=True)
class Addresses:
    """Where pages and files of a course are served: functions of (slug, kind, key) and of (slug, digest, path).

    `media_hosts` are the other servers from which lessons may show video and audio.
    """

    page: Callable[[str, str, str], str]
    file: Callable[[str, str, str], str]
    media_hosts: frozenset[str] = frozenset()


def read_files(root: Path) -> dict[str, bytes]:
    """Return every file under `root` by its path, without hidden files and Python's caches."""
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if _is_ours(path.relative_to(root))}


def _is_ours(path: Path) -> bool:
    return not any(part.startswith(".") or part in IGNORED for part in path.parts)


def folder_digest(files: Files) -> str:
    """Return the SHA-256 of all paths and contents. It also changes when the same text would give a different page."""
    total = sha256(f"edition {EDITION}\n".encode())
    for path in sorted(files):
        total.update(f"{path}\n{sha256(files[path]).hexdigest()}\n".encode())
    return total.hexdigest()


def resolve(path: str, folder: str) -> str:
    """Return a path written in a text of `folder` relative to the course, or "" if it leaves the course.

    A blank may be written as %20, which Markdown makes of it.
    """
    joined = posixpath.normpath(posixpath.join(folder, unquote(path)))
    return "" if joined.startswith(("..", "/")) else joined


def find_asset(files: Files, path: str, address: Callable[[str, str], str]) -> Asset | None:
    """Return the file at a path relative to the course. `address` is called with a digest and the path."""
    content = files.get(path)
    if content is None:
        return None
    digest = sha256(content).hexdigest()[:NUMBER_OF_DIGITS]
    kind = path.lower().rpartition(".")[2]
    if kind == "svg":
        return Asset(svg=content.decode(errors="replace"), url=address(digest, path))
    if kind not in FORMATS:
        return Asset(url=address(digest, path))
    size = _size(content)
    if size is None:
        return Asset(url=address(digest, path), problem=DAMAGED)
    return Asset(url=address(digest, path), width=size[1], height=size[2])


def picture_fault(path: str, content: bytes) -> str:
    """Return what is wrong with a picture, as the end of a sentence about the file, or "" for a sound one or no picture.

    Pages show a picture under the name of another format, and a huge one; what is damaged, they cannot show.
    """
    wanted = FORMATS.get(path.lower().rpartition(".")[2])
    if not wanted:
        return ""
    size = _size(content)
    if size is None:
        return DAMAGED
    kind, width, height = size
    if kind != wanted:
        return f"is a {kind} picture, but its name says {wanted}: give it the name that fits"
    if width * height > MOST_PIXELS:
        return f"has {width:,} × {height:,} pixels, which a phone cannot show: make it smaller"
    return ""


def _size(content: bytes) -> tuple[str, int, int] | None:
    """Return the format, the width and the height of a picture, or None if it is damaged or none at all."""
    try:
        with Image.open(BytesIO(content)) as picture:
            return str(picture.format), *picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # broken, or uploaded to exhaust memory
        return None
