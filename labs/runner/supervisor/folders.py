"""Folders of a run on the tier without mounts: made private, removed whole."""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path


def make(work: Path, owner: int | None) -> Path:
    """A new folder with `work` and `tmp` in it, of this user alone."""
    folder = work / "runs" / secrets.token_hex(8)
    folder.mkdir(mode=0o711)
    for name in ("work", "tmp"):
        (folder / name).mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder / name, owner, owner)
    return folder


def remove(folder: Path) -> None:
    """The process that could write here has ended. Modes that a learner set do not stop the removal."""
    shutil.rmtree(folder, onexc=open_up)


def open_up(function: Callable[[str], object], path: str, error: BaseException) -> None:
    """Retries once after making the entry's folder, and the entry if it is one, accessible again."""
    os.chmod(os.path.dirname(path), 0o700)
    if os.path.isdir(path) and not os.path.islink(path):
        os.chmod(path, 0o700)
        shutil.rmtree(path)
    else:
        os.unlink(path)
