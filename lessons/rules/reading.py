"""Decide where a reader resumes a course."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NUMBERED = re.compile(r"(\d+)-")


@dataclass(frozen=True)
class Visit:
    """When a lesson was opened and when its end was reached; None if that has not happened. `section` was read last."""

    opened_at: datetime | None = None
    done_at: datetime | None = None
    section: str = ""


def lesson_to_resume(visits: Sequence[Visit]) -> int | None:
    """Return the position of the lesson to resume, in the course's order, or None if all are done.

    This is the lesson opened last, unless it is finished; then the lesson after the last finished one; then the first
    unfinished one.
    """
    unfinished = [position for position, visit in enumerate(visits) if visit.opened_at and not visit.done_at]
    if unfinished:
        return max(unfinished, key=lambda position: (visits[position].opened_at, position))
    left = [position for position, visit in enumerate(visits) if not visit.done_at]
    finished = [position for position, visit in enumerate(visits) if visit.done_at]
    if not left or not finished:
        return left[0] if left else None
    last = max(finished, key=lambda position: (visits[position].done_at, position))
    return next((position for position in left if position > last), left[0])


def module_number(folder: str) -> str:
    """Return the number of a module's folder, "1" for "01-introduction", and "" for about, summary, appendix and exam."""
    match = NUMBERED.match(folder)
    return str(int(match[1])) if match else ""
