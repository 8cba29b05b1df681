"""A course's text as it is published, from the snapshot in memory. Nobody may change what these functions return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from course.models import Course, Lesson
from course.refusals import Refusal
from course.rules.schedule import has_opened
from course.selectors.snapshots import course_lines, part_of_snapshot, published
from foundation.fast.prepared import PreparedQuery


@dataclass(frozen=True)
class PublishedText:
    """A course, and its lessons by id, in order, each with its module. Lessons of a retired module are included."""

    course: Course
    lessons: Mapping[str, Lesson]

    @property
    def in_outline(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons.values() if not lesson.module.is_retired]


def published_text(course_id: int) -> PublishedText:
    """Read a course's text from the database, for parts of a snapshot. Requests use `published`."""
    rows = Lesson.objects.filter(module__course=course_id, is_retired=False).select_related("module")
    lessons = list(rows.defer("source").order_by("module__position", "module", "position", "pk"))
    course = Course.objects.defer("source").get(pk=course_id)
    for lesson in lessons:
        lesson.module.course = course
    _homes.update({lesson.pk: course_id for lesson in lessons})
    return PublishedText(course, {lesson.pk: lesson for lesson in lessons})


TEXT = part_of_snapshot("text", published_text)
COURSE_OF = PreparedQuery(
    lambda lesson_id: Lesson.objects.filter(pk=lesson_id).values_list("module__course_id"), lesson_id=str
)
_homes: dict[str, int] = {}  # the course of each lesson asked for; a lesson never moves to another course


def published_course(slug: str) -> Course:
    """Return a course. Raises Refusal not_found."""
    line = next((line for line in course_lines() if line.slug == slug), None)
    if line is None:
        raise Refusal("not_found")
    return published(line.id)[TEXT].course


def published_lesson(lesson_id: str) -> Lesson:
    """Return a lesson with its module and course. Raises Refusal not_found."""
    course_id = _homes.get(lesson_id)
    if course_id is None:
        course_id = next((row[0] for row in COURSE_OF(lesson_id=lesson_id)), None)
        if course_id is None:
            raise Refusal("not_found")
        _homes[lesson_id] = course_id
    lesson = published(course_id)[TEXT].lessons.get(lesson_id)
    if lesson is None:
        raise Refusal("not_found")
    return lesson


def first_program(course_id: int, now: datetime) -> tuple[str, str] | None:
    """Return the ids of the first lesson with a listing that readers can run, if it has opened, and of this listing."""
    for lesson in published(course_id)[TEXT].in_outline:
        listing = next((listing for listing in lesson.listings if listing["run"]), None)
        if listing is not None:
            return (lesson.pk, listing["id"]) if has_opened(lesson.opens_at, now) else None
    return None
