"""A small file system of a test's own, which the test fills up to its last byte."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PAGE = bytes(4096)  # what such a file system gives to a file at a time


@cache
def may_mount() -> bool:
    """Return whether this user may mount a file system. The attempt is undone at once, and no other program sees it."""
    attempt = ("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
    return bool(shutil.which("unshare")) and subprocess.run(attempt, capture_output=True).returncode == 0


class Disk:
    """A mounted file system. A file takes up what is free on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filler = folder, folder / "filler"

    def fill(self, *, leave: int = 0) -> None:
        """Leave so many bytes free."""
        with self.filler.open("ab", buffering=0) as file:
            with suppress(OSError):  # the disk is full
                while True:
                    file.write(PAGE)
            os.truncate(self.filler, file.tell() - leave)

    def make_room(self) -> None:
        self.filler.unlink()


@contextmanager
def small_disk(size: str) -> Iterator[Disk]:
    """Mount a file system of this size, which other users may enter, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="finalcheck-disk-"))
    try:
        subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "tmpfs", folder), check=True)
        try:
            yield Disk(folder)
        finally:
            subprocess.run(("umount", "--lazy", folder), check=True)  # also if a program still has a file open
    finally:
        folder.rmdir()
