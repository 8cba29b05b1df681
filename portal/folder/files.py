"""The bytes of a course folder, and how its texts find each other."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from course.rules.markup import Asset

type Files = Mapping[str, bytes]

EDITION = 3  # of what is made from text: raise it when the same text gives another page
IGNORED = ("__pycache__",)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
NUMBER_OF_DIGITS = 16


@dataclass(frozen=True)
class Addresses:
    """Where pages and files of a course are served: of (slug, kind, key), and of (slug, digest, path)."""

    page: Callable[[str, str, str], str]
    file: Callable[[str, str, str], str]


def read_files(root: Path) -> dict[str, bytes]:
    """Every file under `root` by its path; hidden files and what Python leaves behind are not there."""
    found = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if _is_ours(path.relative_to(root))}


def _is_ours(path: Path) -> bool:
    return not any(part.startswith(".") or part in IGNORED for part in path.parts)


def folder_digest(files: Files) -> str:
    """SHA-256 over all paths and contents; changes, too, when the same text would give another page."""
    total = sha256(f"edition {EDITION}\n".encode())
    for path in sorted(files):
        total.update(f"{path}\n{sha256(files[path]).hexdigest()}\n".encode())
    return total.hexdigest()


def resolve(path: str, folder: str) -> str:
    """A path written in a text that stands in `folder`, as seen from the course; "" if it leaves the course."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined.startswith(("..", "/")) else joined


def find_asset(files: Files, path: str, address: Callable[[str, str], str]) -> Asset | None:
    """The file at a path seen from the course; `address` is given a digest and the path."""
    content = files.get(path)
    if content is None:
        return None
    if path.endswith(".svg"):
        return Asset(svg=content.decode(errors="replace"))
    digest = sha256(content).hexdigest()[:NUMBER_OF_DIGITS]
    width, height = _size(path, content)
    return Asset(url=address(digest, path), width=width, height=height)


def _size(path: str, content: bytes) -> tuple[int, int]:
    if not path.lower().endswith(PICTURES):
        return 0, 0
    try:
        with Image.open(BytesIO(content)) as picture:
            return picture.size
    except UnidentifiedImageError:
        return 0, 0
