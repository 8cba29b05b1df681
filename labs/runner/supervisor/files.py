"""Files of a run's work folder, read and written from outside through a descriptor of that folder.

The folder belongs to hostile code that may still be running. So: never a path, only names below the descriptor; no
symlink is followed, nothing but a plain file with one name is opened, and nothing here can block on a pipe or a device.
"""

import errno
import os
import secrets
import stat

from labs.runner.protocol import CHUNK_BYTES, UPLOAD_BYTES, Refused
from labs.runner.sandbox.syscalls import open_beneath

MOST_FILES, MOST_DEPTH, MOST_NAME = 500, 6, 200
FOLDER = os.O_RDONLY | os.O_DIRECTORY


def is_plain(facts: os.stat_result) -> bool:
    """A regular file that has no second name, which might be a name of something outside."""
    return stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1


def is_fit_to_show(name: str) -> bool:
    return len(name) <= MOST_NAME and name.isprintable()


def listing(work: int) -> list[dict]:
    """`[{name, size, changed}]` of the plain files, sorted, at most MOST_FILES; odd names are left out. `changed` is the
    time of the last change in nanoseconds, the one that no program can set."""
    found: list[dict] = []
    descriptor = open_beneath(work, ".", FOLDER)
    try:
        collect(descriptor, "", 0, found)
    finally:
        os.close(descriptor)
    return sorted(found, key=lambda row: row["name"])


def collect(folder: int, prefix: str, depth: int, found: list[dict]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(found) >= MOST_FILES:
                return
            if is_fit_to_show(prefix + entry.name):
                collect_one(folder, entry, prefix, depth, found)


def collect_one(folder: int, entry: os.DirEntry, prefix: str, depth: int, found: list[dict]) -> None:
    try:
        facts = entry.stat(follow_symlinks=False)
        if is_plain(facts):
            found.append({"name": prefix + entry.name, "size": facts.st_size, "changed": facts.st_ctime_ns})
        if stat.S_ISDIR(facts.st_mode) and depth < MOST_DEPTH:
            inner = open_beneath(folder, entry.name, FOLDER)
            try:
                collect(inner, f"{prefix}{entry.name}/", depth + 1, found)
            finally:
                os.close(inner)
    except OSError:
        # Gone meanwhile, or closed to us by its mode: not there, for a reader.
        return


def checked_name(name: object) -> str:
    good = isinstance(name, str) and 0 < len(name) <= MOST_NAME and name.isprintable()
    if not good or any(part in ("", ".", "..") for part in name.split("/")):
        raise Refused("no_such_file", "A file's name is a plain path below the work folder.")
    return name


def read(work: int, name: object, offset: int, length: int) -> tuple[bytes, int]:
    """Bytes from `offset`, at most CHUNK_BYTES, and the file's size. Refused: no_such_file."""
    try:
        descriptor = open_beneath(work, checked_name(name), os.O_RDONLY)
    except OSError as error:
        raise Refused("no_such_file", "There is no such plain file.") from error
    try:
        facts = os.fstat(descriptor)
        if not is_plain(facts):
            raise Refused("no_such_file", "There is no such plain file.")
        return os.pread(descriptor, min(length, CHUNK_BYTES), offset), facts.st_size
    finally:
        os.close(descriptor)


def write(work: int, name: object, content: bytes, owner: int | None) -> None:
    """A new file under a name of its own, then renamed: nothing that the learner put there is ever written through.
    `owner` becomes its user and group. Refused: too_large, disk_full, no_such_file."""
    plain = checked_name(name)
    if "/" in plain:
        raise Refused("no_such_file", "Files are stored in the work folder itself.")
    if len(content) > UPLOAD_BYTES:
        raise Refused("too_large", f"A file may have at most {UPLOAD_BYTES >> 20} MiB.")
    temporary = f".{secrets.token_hex(8)}"
    try:
        store(work, temporary, content, owner)
        os.rename(temporary, plain, src_dir_fd=work, dst_dir_fd=work)
    except OSError as error:
        discard(work, temporary)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Refused(
            "disk_full" if full else "no_such_file", f"The file could not be stored: {error.strerror}."
        ) from error


def remove(work: int, name: object) -> None:
    """One of the work folder itself; one that is gone is removed. Refused: no_such_file."""
    plain = checked_name(name)
    try:
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
    try:
        os.unlink(name, dir_fd=work)
    except FileNotFoundError:
        return
