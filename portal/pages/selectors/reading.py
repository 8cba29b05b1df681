"""A page of a course and its neighbors."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from course.selectors import published
from portal.pages.selectors.outline import (
    CONTENTS,
    NOT_OPENED,
    CourseContents,
    OutlineEntry,
    OutlineSection,
    ReaderState,
    needle_at,
    reader_state,
)
from portal.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Lesson
    from labs.models import Lab

if TYPE_CHECKING:
    from course.models import Lesson
    from labs.models import Lab


@dataclass(frozen=True)
class CoursePosition:
    """The position of a lesson or lab: its module, and the pages before and after it."""

    part: OutlineSection
    entry: OutlineEntry
    before: OutlineEntry | None
    after: OutlineEntry | None
    needle: str | None


@dataclass(frozen=True)
class LessonReading(CoursePosition):
    """A lesson's position, this reader's progress in it, and how many lessons of the course have opened."""

    is_opened: bool
    is_done: bool
    opened: int

    @property
    def filled_cells(self) -> tuple[str, ...]:
        """Return the cells of a module that this lesson completes when it is read, and none in every other case."""
        others = [entry for entry in self.part.entries if entry.id != self.entry.id]
        is_last = others and all(entry.state == "done" for entry in others)
        return ("done",) * (len(others) + 1) if is_last and not self.is_done and self.part.number else ()


def reading_of(lesson: "Lesson", user_id: int | None, now: datetime) -> LessonReading:
    """Return a lesson's place in the course, and what this reader did. Runs two queries for a reader."""
    course_id = lesson.module.course_id
    contents = published(course_id)[CONTENTS]
    reader = reader_state(contents, course_id, user_id, now=now)
    visit = (reader.visits or {}).get(lesson.pk, NOT_OPENED)
    position = _course_position(contents, lesson.pk, reader)
    return LessonReading(
        **vars(position),
        is_opened=visit.opened_at is not None,
        is_done=visit.done_at is not None,
        opened=len(contents.opened(now)),
    )


def lab_position(lab: "Lab", user_id: int | None, now: datetime) -> CoursePosition:
    """Return a lab's place in the course. Runs two queries for a reader."""
    contents = published(lab.course_id)[CONTENTS]
    return _course_position(contents, lab.pk, reader_state(contents, lab.course_id, user_id, now=now))


def _course_position(contents: CourseContents, entry_id: str, reader: ReaderState) -> CoursePosition:
    parts = contents.parts
    entries = [entry for part in parts for entry in part.entries]
    index = next((index for index, entry in enumerate(entries) if entry.id == entry_id), None)
    if index is None:
        raise Refusal("not_found")
    part = next(part for part in parts if entries[index] in part.entries)
    return CoursePosition(
        part=reader.section(part),
        entry=reader.entry(entries[index]),
        before=entries[index - 1] if index else None,
        after=entries[index + 1] if index + 1 < len(entries) else None,
        needle=needle_at(entries, entries[index]),
    )
