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
    thousands of nested folders do not need long paths or many descriptors.
    """
    pending = [str(folder)]
    while pending:
        path = pending.pop()
        for entry in entries_of(path):
            if entry.is_dir(follow_symlinks=False):
                pending.append(move_up(entry.path, folder))
            else:
                os.unlink(entry.path)
        if path != str(folder):
            os.rmdir(path)
    folder.rmdir()


def entries_of(path: str) -> list[os.DirEntry]:
    os.chmod(path, 0o700)
    with os.scandir(path) as entries:
        return list(entries)


def move_up(path: str, folder: Path) -> str:
    """Move the inner folder into `folder` itself and return its new path."""
    os.chmod(path, 0o700)
    above = str(folder / secrets.token_hex(8))
    os.rename(path, above)
    return above
