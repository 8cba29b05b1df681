"""Decide where a reader resumes a course."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

NUMBERED = re.compile(r"(\d+)-")


@dataclass(frozen=True)
class Visit:
    """When a lesson was opened, when its end was reached, and when it was read last; None if that has not happened.

    `section` was read last.
    """

    opened_at: datetime | None = None
    done_at: datetime | None = None
    section: str = ""
    seen_at: datetime | None = None

    @property
    def last_at(self) -> datetime | None:
        """Return when the lesson was seen last. Visits of earlier releases tell only when it was opened and done."""
        return max(filter(None, (self.opened_at, self.done_at, self.seen_at)), default=None)


class Sight(NamedTuple):
    """When the page at this position of the course was seen last, and whether nothing is left to do there."""

    at: datetime
    position: int
    is_finished: bool


def position_to_resume(sights: Collection[Sight], unread: Sequence[int]) -> int | None:
    """Return the position of the page at which to resume, or None if nothing is left to read.

    This is the page seen last. If it is finished, it is the next unread lesson, or else the first one. `unread` are the
    positions of the lessons that are not read, in order.
    """
    last = max(sights, default=None)
    if last is not None and not last.is_finished:
        return last.position
    later = [position for position in unread if last is not None and position > last.position]
    return next(iter(later or unread), None)


def module_number(folder: str) -> str:
    """Return the number of a module's folder, "1" for "01-introduction", and "" for about, summary, appendix and exam."""
    match = NUMBERED.match(folder)
    return str(int(match[1])) if match else ""


def module_numbers(folders: Sequence[str]) -> dict[str, str]:
    """Return the number of each module, by its folder, for the folders in the order of the course.

    If the author has put the modules in another order than that of their names, they are counted from 1.
    """
    numbered = [folder for folder in folders if module_number(folder)]
    if numbered == sorted(numbered):
        return {folder: module_number(folder) for folder in folders}
    return {folder: str(numbered.index(folder) + 1) if folder in numbered else "" for folder in folders}


class LineWithId(Protocol):
    """A line of the outline."""

    @property
    def id(self) -> str: ...


def in_listed_order[AnyLine: LineWithId](
    lines: Sequence[AnyLine], names: Mapping[str, str], order: Sequence[str]
) -> list[AnyLine]:
    """Return the lines in the order that a list names them. What it does not name comes last, as it is.

    `names` are those of the lines by id.
    """
    ranks = {name: rank for rank, name in enumerate(order)}
    return sorted(lines, key=lambda line: ranks.get(names[line.id], len(ranks)))
