"""Limits on the files that a learner adds to a lab, and the choice of files to keep after code has run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labs.refusals import Refusal

MEBIBYTE = 1 << 20
LARGEST = 5 * MEBIBYTE  # bytes of one file, added or left by code
MOST_IN_ALL = 20 * MEBIBYTE  # bytes of a learner's files in one lab, and of the files kept from one folder
MOST_FILES = 20
LONGEST_NAME = 100
UNFIT = frozenset('/\\:*?"<>|')  # characters that some systems forbid in file names


def shown_size(size: int) -> str:
    """Return a size in bytes as text for people."""
    return f"{size // MEBIBYTE} MB"


def refuse_name(name: str) -> None:
    """Raise Refusal file_name_unfit unless this is a plain, visible file name on every system."""
    if problem := _name_problem(name):
        raise Refusal("file_name_unfit", problem=problem)


def _name_problem(name: str) -> str:
    if not 0 < len(name.encode(errors="replace")) <= LONGEST_NAME:
        return f"it must be 1 to {LONGEST_NAME} bytes long"
    if not name.isprintable() or UNFIT & set(name):
        return "it contains a character that is not allowed"
    if name.startswith(".") or name != name.strip() or name.endswith("."):
        return "it begins or ends with a dot or a space"
    return ""


def refuse_file(sizes: Mapping[str, int], name: str, size: int) -> None:
    """Check whether a file of `size` bytes may be added; `sizes` maps existing names to bytes.

    Raises Refusal too_many_files, files_too_large.
    """
    others = [other_size for key, other_size in sizes.items() if key != name]
    if len(others) >= MOST_FILES:
        raise Refusal("too_many_files", most=MOST_FILES)
    if sum(others) + size > MOST_IN_ALL:
        raise Refusal("files_too_large", most=shown_size(MOST_IN_ALL))


@dataclass(frozen=True)
class ListedFile:
    """A file as the runner lists it; `changed` is the time of its last change in nanoseconds."""

    name: str
    size: int
    changed: int


@dataclass(frozen=True)
class Sorted:
    """What to do with a folder's files: `fetch` with content, `note` without, forget those `gone`."""

    fetch: Sequence[ListedFile]
    note: Sequence[ListedFile]
    gone: Sequence[str]


def sort_files(known: Mapping[str, ListedFile], files: Iterable[ListedFile], placed: Iterable[str]) -> Sorted:
    """Compare a folder's files with the `known` ones.

    Leave out `placed`, the learner's own files, which are stored already.

    Files of at most LARGEST bytes are kept, MOST_IN_ALL bytes in total, small ones first. For the others, only the size
    is noted.
    """
    present = {file.name: file for file in files if file.name not in set(placed)}
    kept, room = set(), MOST_IN_ALL
    for file in sorted(present.values(), key=lambda file: (file.size, file.name)):
        if file.size <= min(LARGEST, room):
            kept.add(file.name)
            room -= file.size
    new = [file for file in present.values() if known.get(file.name) != file]
    return Sorted(
        fetch=[file for file in new if file.name in kept],
        note=[file for file in new if file.name not in kept],
        gone=[name for name in known if name not in present],
    )
