"""Read and write files of a run's work folder from outside, through a descriptor of that folder.

The folder belongs to hostile code that may still be running. So the code here uses only names below the descriptor,
never a path; it does not follow symlinks, opens only plain files that have a single name, and cannot block on a pipe or a
device.
"""

import errno
import os
import secrets
import stat
from contextlib import ExitStack, suppress

from labs.runner.protocol import CHUNK_BYTES, UPLOAD_BYTES, Refused
from labs.runner.sandbox.syscalls import open_beneath

MOST_FILES, MOST_DEPTH, MOST_NAME = 500, 6, 200
FOLDER = os.O_RDONLY | os.O_DIRECTORY


def is_plain(info: os.stat_result) -> bool:
    """Return whether this is a regular file without a second name, which could belong to a file outside."""
    return stat.S_ISREG(info.st_mode) and info.st_nlink == 1


def is_fit_to_show(name: str) -> bool:
    return len(name) <= MOST_NAME and name.isprintable()


def listing(work: int) -> list[dict]:
    """Return `[{name, size, changed}]` of the plain files, sorted, at most MOST_FILES.

    Odd names are left out. `changed` is the inode change time (ctime) in nanoseconds, which programs cannot set. A
    folder that cannot be read yields an empty list.
    """
    rows: list[dict] = []
    with suppress(OSError), ExitStack() as held:
        open_up(work)
        descriptor = open_beneath(work, ".", FOLDER)
        held.callback(os.close, descriptor)
        collect(descriptor, "", 0, rows)
    return sorted(rows, key=lambda row: row["name"])


def open_up(work: int) -> None:
    """Give the folder's owner access again, whatever mode the learner's code set."""
    mode = stat.S_IMODE(os.fstat(work).st_mode)
    if mode & stat.S_IRWXU != stat.S_IRWXU:
        os.fchmod(work, mode | stat.S_IRWXU)


def collect(folder: int, prefix: str, depth: int, rows: list[dict]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(rows) >= MOST_FILES:
                return
            if is_fit_to_show(prefix + entry.name):
                collect_one(folder, entry, prefix, depth, rows)


def collect_one(folder: int, entry: os.DirEntry, prefix: str, depth: int, rows: list[dict]) -> None:
    try:
        info = entry.stat(follow_symlinks=False)
        if is_plain(info):
            rows.append({"name": prefix + entry.name, "size": info.st_size, "changed": info.st_ctime_ns})
        if stat.S_ISDIR(info.st_mode) and depth < MOST_DEPTH:
            inner = open_beneath(folder, entry.name, FOLDER)
            try:
                collect(inner, f"{prefix}{entry.name}/", depth + 1, rows)
            finally:
                os.close(inner)
    except OSError:
        # Deleted in the meantime, or its mode keeps us out: for readers, the file does not exist.
        return


def checked_name(name: object) -> str:
    good = isinstance(name, str) and 0 < len(name) <= MOST_NAME and name.isprintable()
    if not good or any(part in ("", ".", "..") for part in name.split("/")):
        raise Refused("no_such_file", "A file's name is a plain path below the work folder.")
    return name


def read(work: int, name: object, offset: int, length: int) -> tuple[bytes, int]:
    """Return the bytes from `offset`, at most CHUNK_BYTES, and the file's size. Raises Refused no_such_file."""
    try:
        open_up(work)
        descriptor = open_beneath(work, checked_name(name), os.O_RDONLY)
    except OSError as error:
        raise Refused("no_such_file", "That file does not exist or is not a plain file.") from error
    try:
        info = os.fstat(descriptor)
        if not is_plain(info):
            raise Refused("no_such_file", "That file does not exist or is not a plain file.")
        return os.pread(descriptor, min(length, CHUNK_BYTES), offset), info.st_size
    finally:
        os.close(descriptor)


def write(work: int, name: object, content: bytes, owner: int | None) -> None:
    """Write a new file under a temporary name, then rename it, so that the content is not
    written through a link of the learner's.

    `owner` becomes its user and group. Raises Refused too_large, disk_full, no_such_file.
    """
    plain = checked_name(name)
    if "/" in plain:
        raise Refused("no_such_file", "Files are stored in the work folder itself.")
    if len(content) > UPLOAD_BYTES:
        raise Refused("too_large", f"A file may have at most {UPLOAD_BYTES >> 20} MiB.")
    temporary = f".{secrets.token_hex(8)}"
    try:
        open_up(work)
        store(work, temporary, content, owner)
        os.rename(temporary, plain, src_dir_fd=work, dst_dir_fd=work)
    except OSError as error:
        discard(work, temporary)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Refused(
            "disk_full" if full else "no_such_file", f"The file could not be stored: {error.strerror}."
        ) from error


def remove(work: int, name: object) -> None:
    """Remove a file in the work folder itself, if it exists. Raises Refused no_such_file."""
    plain = checked_name(name)
    try:
        open_up(work)
        os.unlink(plain, dir_fd=work)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refused("no_such_file", f"The file could not be removed: {error.strerror}.") from error


def store(work: int, name: str, content: bytes, owner: int | None) -> None:
    descriptor = open_beneath(work, name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if owner is not None:
            os.fchown(descriptor, owner, owner)


def discard(work: int, name: str) -> None:
    with suppress(OSError):
        os.unlink(name, dir_fd=work)
