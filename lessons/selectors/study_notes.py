"""A person's own notes in lessons. Only pages and calls of that person read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from course.models import Course, Lesson
from course.rules.sections import sections
from course.selectors.published import TEXT
from course.selectors.snapshots import published
from lessons.models import StudyNote
from lessons.refusals import Refusal
from lessons.rules.quoting import NoteLine, bare_texts, is_quoted, notes_in_markdown

TEXTS = ("source", "html", "listings", "contents")


@dataclass(frozen=True)
class PlacedNote:
    """A note with its place in the lesson as it is published now: the title of its section, and whether the lesson
    still has the passage or section.
    """

    note: StudyNote
    section_title: str
    is_found: bool

    @property
    def kind(self) -> str:
        return self.note.kind


def noted_lesson(lesson_id: str) -> Lesson:
    """Return a lesson with its module and course, also a retired one, in which notes remain. Raises Refusal not_found."""
    lesson = Lesson.objects.select_related("module__course").defer(*TEXTS).filter(pk=lesson_id).first()
    if lesson is None:
        raise Refusal("not_found")
    return lesson


def notes_in_lesson(user_id: int, lesson_id: str) -> QuerySet[StudyNote]:
    """Return a person's notes in one lesson."""
    rows = StudyNote.objects.filter(user=user_id, lesson=lesson_id).select_related("lesson")
    return rows.defer(*(f"lesson__{name}" for name in TEXTS))


def notes_in_course(user_id: int, course_id: int) -> QuerySet[StudyNote]:
    """Return a person's notes in all lessons of a course, in the order of the lessons."""
    rows = StudyNote.objects.filter(user=user_id, lesson__module__course=course_id).select_related("lesson__module")
    ordered = rows.order_by("lesson__module__position", "lesson__position", "pk")
    return ordered.defer(*(f"lesson__{name}" for name in TEXTS))


def placed_notes(notes: Iterable[StudyNote], course_id: int) -> list[PlacedNote]:
    """Return notes of one course with their places. Reads the lessons from the snapshot."""
    lessons = published(course_id)[TEXT].lessons

    @cache
    def titles(lesson_id: str) -> dict[str, str]:
        return {part.anchor: part.title for part in sections(lessons[lesson_id].html)}

    @cache
    def texts(lesson_id: str) -> tuple[str, ...]:
        return bare_texts(lessons[lesson_id].html)

    def placed(note: StudyNote) -> PlacedNote:
        if note.lesson_id not in lessons:
            return PlacedNote(note, "", is_found=False)
        title = titles(note.lesson_id).get(note.section)
        is_found = is_quoted(texts(note.lesson_id), note.quote) if note.quote else title is not None
        return PlacedNote(note, title or "", is_found)

    return [placed(note) for note in notes]


def notes_as_markdown(user_id: int, course: Course, *, gone: str) -> str:
    """Return a person's notes in a course as Markdown, lesson by lesson. `gone` says that a passage was not found."""
    lessons: dict[str, tuple[str, list[NoteLine]]] = {}
    for placed in placed_notes(notes_in_course(user_id, course.pk), course.pk):
        line = NoteLine(placed.section_title, placed.note.quote, placed.note.text, placed.is_found)
        lessons.setdefault(placed.note.lesson_id, (placed.note.lesson.title, []))[1].append(line)
    return notes_in_markdown(course.title, lessons.values(), gone=gone)
