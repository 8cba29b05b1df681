"""A run's folders on the tier without mounts: private when made, removed completely."""

import os
import secrets
from pathlib import Path


def make(work: Path, owner: int | None) -> Path:
    """Make a new folder with `work` and `tmp` in it that only this user can open."""
    folder = work / "runs" / secrets.token_hex(8)
    folder.mkdir(mode=0o711)
    for name in ("work", "tmp"):
        (folder / name).mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder / name, owner, owner)
    return folder


def remove(folder: Path) -> None:
    """Remove the folder and everything in it, after the process that could write there has ended.

    Modes that a learner's code set do not stop the removal. Inner folders are moved up and emptied one by one, so
    thousands of nested folders need neither long paths nor many descriptors.
    """
    pending = [str(folder)]
    while pending:
        place = pending.pop()
        for entry in entries_of(place):
            if entry.is_dir(follow_symlinks=False):
                pending.append(moved_up(entry.path, folder))
            else:
                os.unlink(entry.path)
        if place != str(folder):
            os.rmdir(place)
    folder.rmdir()


def entries_of(place: str) -> list[os.DirEntry]:
    os.chmod(place, 0o700)
    with os.scandir(place) as entries:
        return list(entries)


def moved_up(place: str, folder: Path) -> str:
    """Move the inner folder into `folder` itself and return its new path."""
    os.chmod(place, 0o700)
    above = str(folder / secrets.token_hex(8))
    os.rename(place, above)
    return above
