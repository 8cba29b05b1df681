"""Compare two texts line by line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT = 3  # unchanged lines shown around a change
MOST_COMPARED = 2_000_000  # pairs of differing lines of text that a stranger wrote, as in static/js/lab-diff.js

type LineKind = Literal["same", "removed", "added", "gap"]


@dataclass(frozen=True)
class Line:
    """A line of a comparison, with its number before and after, None if it is absent there."""

    kind: LineKind
    before: int | None
    after: int | None
    text: str


def compare(before: str, after: str, *, most_pairs: int | None = None) -> list[Line]:
    """Return the removed and added lines, with some unchanged lines around them; empty if the texts are equal.

    Comparing takes long if lines repeat or many differ. Pass `most_pairs` for text that a stranger wrote: if more pairs
    of a line before and a line after are equal, or more than `MOST_COMPARED` pairs lie between the first and the last
    change, every line counts as removed and every new line as added.
    """
    old, new = before.splitlines(), after.splitlines()
    if most_pairs is not None and old != new and is_costly_to_compare(old, new, most_pairs):
        return list(lines_of_step(("replace", 0, len(old), 0, len(new)), old, new))
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    lines: list[Line] = []
    for group in groups:
        if lines:
            lines.append(Line("gap", None, None, ""))
        for step in group:
            lines += lines_of_step(step, old, new)
    return lines


def is_costly_to_compare(old: Sequence[str], new: Sequence[str], most_pairs: int) -> bool:
    """Return whether difflib could take long: it scans up to all lines again for each of the steps it finds."""
    return pairs_between_changes(old, new) > MOST_COMPARED or equal_pairs(old, new) > most_pairs


def pairs_between_changes(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pairs of lines remain without the equal lines at the start and at the end."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - start
    end = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return (len(old) - start - end) * (len(new) - start - end)


def equal_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pairs of a line in `old` and a line in `new` are equal."""
    counts = Counter(new)
    return sum(counts[line] for line in old)


def lines_of_step(step: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Yield the lines of one step of difflib: (tag, old from, old to, new from, new to)."""
    tag, old_from, old_to, new_from, new_to = step
    if tag == "equal":
        for offset in range(old_to - old_from):
            yield Line("same", old_from + offset + 1, new_from + offset + 1, old[old_from + offset])
        return
    for index in range(old_from, old_to):
        yield Line("removed", index + 1, None, old[index])
    for index in range(new_from, new_to):
        yield Line("added", None, index + 1, new[index])
