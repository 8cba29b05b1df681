"""The nasty course, which uses every feature of the format. It is read from disk once; edits of it are dictionaries."""

from functools import cache
from pathlib import Path

from authoring.folder import Addresses, FolderText, read_course, read_files

ROOT = Path(__file__).resolve().parents[2] / "nasty-course"
ADDRESSES = Addresses(
    page=lambda slug, kind, key: f"/{slug}/{kind}/{key}/",
    file=lambda slug, digest, path: f"/{slug}/files/{digest}/{path}",
)


@cache
def nasty_files() -> dict[str, bytes]:
    return read_files(ROOT)


def edited(path: str, old: str | None, new: str | None) -> dict[str, bytes]:
    """Return the files with one edit: without `new` the file is removed, without `old` its whole text is replaced."""
    files = dict(nasty_files())
    if new is None:
        del files[path]
    elif not old:
        files[path] = new.encode()
    else:
        assert old.encode() in files[path], (path, old)
        files[path] = files[path].replace(old.encode(), new.encode())
    return files


def read(files: dict[str, bytes]) -> FolderText:
    return read_course(files, ADDRESSES)
