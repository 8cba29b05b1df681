"""One lesson among its neighbours."""

from dataclasses import dataclass
from typing import Any

from course.selectors import lessons_of
from portal.selectors.outline import Entry, Part, needle_at, parts_of
from quizzes.selectors import assessments_of


@dataclass(frozen=True)
class Reading:
    """A lesson's place: its module, the pages before and after it in the course, and what this reader did."""

    part: Part
    entry: Entry
    before: Entry | None
    after: Entry | None
    needle: str | None
    is_opened: bool
    is_done: bool


def reading_of(lesson: Any, user_id: int | None) -> Reading:
    """Two statements, whatever the size of the course."""
    lessons = lessons_of([lesson.module.course_id], user_id)
    parts = parts_of(lessons, assessments_of(lesson.module.course_id), user_id, None)
    entries = [entry for part in parts for entry in part.entries]
    place = next(place for place, entry in enumerate(entries) if entry.id == lesson.pk)
    mine = next(row for row in lessons if row.pk == lesson.pk)
    return Reading(
        part=next(part for part in parts if part.id == lesson.module_id),
        entry=entries[place],
        before=entries[place - 1] if place else None,
        after=entries[place + 1] if place + 1 < len(entries) else None,
        needle=needle_at(entries, entries[place]),
        is_opened=mine.opened_at is not None,
        is_done=mine.done_at is not None,
    )
