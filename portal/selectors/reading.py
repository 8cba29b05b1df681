"""One page of a course among its neighbours."""

from dataclasses import dataclass
from typing import Any

from portal.selectors.outline import Content, Entry, Part, content_of, needle_at, parts_of


@dataclass(frozen=True)
class Place:
    """Where a lesson or lab stands: its module, and the pages before and after it in the course."""

    part: Part
    entry: Entry
    before: Entry | None
    after: Entry | None
    needle: str | None


@dataclass(frozen=True)
class Reading(Place):
    """A lesson's place, and what this reader did."""

    is_opened: bool
    is_done: bool


def reading_of(lesson: Any, user_id: int | None) -> Reading:
    """Three statements, whatever the size of the course."""
    content = content_of(lesson.module.course_id, user_id)
    mine = next(row for row in content.lessons if row.pk == lesson.pk)
    place = _place(content, lesson.pk, user_id)
    return Reading(**vars(place), is_opened=mine.opened_at is not None, is_done=mine.done_at is not None)


def place_of_lab(lab: Any, user_id: int | None) -> Place:
    """Three statements, whatever the size of the course."""
    return _place(content_of(lab.course_id, user_id), lab.pk, user_id)


def _place(content: Content, entry_id: str, user_id: int | None) -> Place:
    parts = parts_of(content, user_id, None)
    entries = [entry for part in parts for entry in part.entries]
    place = next(place for place, entry in enumerate(entries) if entry.id == entry_id)
    return Place(
        part=next(part for part in parts if entries[place] in part.entries),
        entry=entries[place],
        before=entries[place - 1] if place else None,
        after=entries[place + 1] if place + 1 < len(entries) else None,
        needle=needle_at(entries, entries[place]),
    )
