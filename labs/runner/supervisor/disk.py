"""Count a run's disk use on the tier without mounts, where runs do not have a separate file system of limited size."""

import os
import stat

ENTRY_BYTES = 4096


def used(folders: list[str], pid: int) -> int:
    """Return the bytes below the folders, plus deleted files that the process still holds open.

    Raises OSError if they cannot be counted.
    """
    return sum(below(folder) for folder in folders) + held_open(pid) + held_mapped(pid)


def below(folder: str) -> int:
    """Return the bytes of the blocks in use, plus a page per entry so that ten thousand empty files count too.

    Symlinks are not followed.
    """
    total, pending = 0, [folder]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512 + ENTRY_BYTES
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
        except FileNotFoundError:
            continue
    return total


def held_open(pid: int) -> int:
    total = 0
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            info = os.stat(f"/proc/{pid}/fd/{number}")
        except FileNotFoundError:
            continue
        if stat.S_ISREG(info.st_mode) and info.st_nlink == 0:
            total += info.st_blocks * 512
    return total


def held_mapped(pid: int) -> int:
    """Return the bytes of deleted files that are mapped. Their names may be any bytes."""
    total = 0
    with open(f"/proc/{pid}/maps", "rb") as maps:
        for line in maps:
            if line.endswith(b"(deleted)\n"):
                start, _, end = line.split(b" ", 1)[0].partition(b"-")
                total += int(end, 16) - int(start, 16)
    return total
