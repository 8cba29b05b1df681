"""What a learner may put beside a lab's code, and what is kept of the files that code leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.rules.refusals import Refusal

MEBIBYTE = 1 << 20
LARGEST = 5 * MEBIBYTE  # of one file, put there or left
MOST_IN_ALL = 20 * MEBIBYTE  # of a learner's files of one lab, and of what is kept of one folder
MOST_FILES = 20
LONGEST_NAME = 100
UNFIT = frozenset('/\\:*?"<>|')  # what some system's file names may not hold


def shown_size(size: int) -> str:
    return f"{size // MEBIBYTE} MB"


def refuse_name(name: str) -> None:
    """Raises Refusal file_name_unfit for what is no plain, visible name on every system."""
    if problem := _problem(name):
        raise Refusal("file_name_unfit", problem=problem)


def _problem(name: str) -> str:
    if not 0 < len(name.encode(errors="replace")) <= LONGEST_NAME:
        return f"it may have 1 to {LONGEST_NAME} bytes"
    if not name.isprintable() or UNFIT & set(name):
        return "it has a character that file names may not have"
    if name.startswith(".") or name != name.strip() or name.endswith("."):
        return "it may not begin with a dot or a space, nor end with one"
    return ""


def refuse_file(sizes: Mapping[str, int], name: str, size: int) -> None:
    """`sizes` are those of the files that are there. Raises Refusal too_many_files, files_too_large."""
    others = [each for key, each in sizes.items() if key != name]
    if len(others) >= MOST_FILES:
        raise Refusal("too_many_files", most=MOST_FILES)
    if sum(others) + size > MOST_IN_ALL:
        raise Refusal("files_too_large", most=shown_size(MOST_IN_ALL))


@dataclass(frozen=True)
class Found:
    """A file as the runner lists it; `changed` is the time of its last change, in nanoseconds."""

    name: str
    size: int
    changed: int


@dataclass(frozen=True)
class Sorted:
    """What to do with a folder's files: `fetch` with their content, `note` without, forget those `gone`."""

    fetch: Sequence[Found]
    note: Sequence[Found]
    gone: Sequence[str]


def sort_files(known: Mapping[str, Found], found: Iterable[Found], placed: Iterable[str]) -> Sorted:
    """What is new of a folder's files since the last look; `placed` are the learner's own, which we have.

    Kept are files of at most LARGEST, MOST_IN_ALL together, the small ones first; others are noted with their size.
    """
    there = {each.name: each for each in found if each.name not in set(placed)}
    kept, room = set(), MOST_IN_ALL
    for each in sorted(there.values(), key=lambda each: (each.size, each.name)):
        if each.size <= min(LARGEST, room):
            kept.add(each.name)
            room -= each.size
    new = [each for each in there.values() if known.get(each.name) != each]
    return Sorted(
        fetch=[each for each in new if each.name in kept],
        note=[each for each in new if each.name not in kept],
        gone=[name for name in known if name not in there],
    )
