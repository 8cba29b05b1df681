"""Where a reader is in a course."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NUMBERED = re.compile(r"(\d+)-")


@dataclass(frozen=True)
class Visit:
    """When a lesson was opened and when its end was reached; None for what has not happened."""

    opened_at: datetime | None = None
    done_at: datetime | None = None


def place_to_resume(visits: Sequence[Visit]) -> int | None:
    """The place of the lesson to go on with, in the course's order; None when all are done.

    That is the one opened last and not finished; else the next one after what was finished last; else the first.
    """
    unfinished = [place for place, visit in enumerate(visits) if visit.opened_at and not visit.done_at]
    if unfinished:
        return max(unfinished, key=lambda place: (visits[place].opened_at, place))
    left = [place for place, visit in enumerate(visits) if not visit.done_at]
    finished = [place for place, visit in enumerate(visits) if visit.done_at]
    if not left or not finished:
        return left[0] if left else None
    last = max(finished, key=lambda place: (visits[place].done_at, place))
    return next((place for place in left if place > last), left[0])


def module_number(folder: str) -> str:
    """The number of a module's folder, "1" of "01-introduction"; "" for about, summary, appendix, exam."""
    found = NUMBERED.match(folder)
    return str(int(found[1])) if found else ""
