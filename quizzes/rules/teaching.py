"""Which section of a lesson teaches what a question asks."""

from collections.abc import Sequence
from typing import NamedTuple

from course.rules.headings import ANCHOR, LessonHeadings

MARK = "#"  # between a lesson's id and the id of a section, as in links


class TaughtSection(NamedTuple):
    """A section that a learner may want to read again: its anchor in the page of its lesson, and its title.

    Both are "" for the whole lesson.
    """

    lesson_id: str
    lesson_title: str
    section: str
    title: str


def taught_section(taught_in: str, objective: str, lessons: Sequence[LessonHeadings]) -> TaughtSection | None:
    """Return the section that the question names, or else the first lesson of its module about its objective.

    `lessons` are those of the module, in order. A section that is gone leads to the beginning of its lesson.
    """
    key, _, section = taught_in.partition(MARK)
    lesson = next((lesson for lesson in lessons if lesson.key == key), None)
    if lesson is None:
        lesson, section = next((lesson for lesson in lessons if objective in lesson.objectives), None), ""
    if lesson is None:
        return None
    title = lesson.heading(section)
    return TaughtSection(lesson.id, lesson.title, f"{ANCHOR}{section}" if title else "", title)


def taught_in_problem(taught_in: str, lessons: Sequence[LessonHeadings]) -> str | None:
    """Return what is wrong with `taught_in` of a question in a module with these lessons."""
    key, mark, section = taught_in.partition(MARK)
    lesson = next((lesson for lesson in lessons if lesson.key == key), None)
    if lesson is None:
        return f"“{key}” is not a lesson of this module"
    return f"the lesson “{key}” has no section “{section}”" if mark and not lesson.heading(section) else None
