"""Data of the home page: every course, and outline and grade of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from course.selectors import TEXT, published
from grading.rules.course_grade import CourseGrade
from grading.selectors import SettledGrades, scheme_of
from lessons.rules.reading import Visit
from portal.pages.selectors.outline import CONTENTS, LearnerOutline, outline_of
from portal.pages.selectors.resuming import NO_SIGHTS, ReaderSights, sights_of_reader


class ListedCourse(Protocol):
    """A course with the instant at which this reader enrolled, and their role; both are None for everyone else."""

    pk: int
    enrolled_at: datetime | None
    role: str | None
    is_taken: bool


@dataclass(frozen=True)
class CatalogueLine:
    """A course in the list; this reader has read `done` of `lessons` to the end."""

    course: Any
    lessons: int
    minutes: int
    done: int

    @property
    def is_enrolled(self) -> bool:
        return self.course.enrolled_at is not None


@dataclass(frozen=True)
class Catalogue:
    """`front` is the course at the top of the page: the one seen last, or else the first; None without courses."""

    lines: tuple[CatalogueLine, ...]
    front: Any | None
    outline: LearnerOutline | None
    grade: CourseGrade | None

    @property
    def only(self) -> ListedCourse | None:
        return self.front if len(self.lines) == 1 else None

    @cached_property
    def is_enrolled(self) -> bool:
        return self.front is not None and self.front.enrolled_at is not None

    @cached_property
    def is_taken(self) -> bool:
        """Return whether this reader takes the course as a learner. Only a learner has a grade."""
        return self.is_enrolled and self.front.is_taken

    @property
    def is_taught(self) -> bool:
        """Return whether this reader works in the course."""
        return self.is_enrolled and not self.is_taken


def catalogue_of(courses: list[Any], user_id: int | None, grades: SettledGrades | None, now: datetime) -> Catalogue:
    """Return the page for a reader, or for an anonymous one without `grades`. Runs a constant number of queries."""
    sights = NO_SIGHTS if user_id is None else sights_of_reader(user_id)
    lines = tuple(catalogue_line(course, sights.visits) for course in courses)
    front = front_of(courses, sights)
    if front is None:
        return Catalogue(lines, None, None, None)
    is_theirs = bool(grades and user_id) and front.is_taken
    grade = grades.grade_shown(user_id, front.pk) if is_theirs else scheme_of(front.pk)
    return Catalogue(lines, front, outline_of(front.pk, user_id, grade, sights, now=now), grade)


def catalogue_line(course: ListedCourse, visits: Mapping[str, Visit]) -> CatalogueLine:
    lessons = published(course.pk)[TEXT].in_outline
    done = sum(lesson.pk in visits and visits[lesson.pk].done_at is not None for lesson in lessons)
    return CatalogueLine(course, len(lessons), sum(lesson.minutes for lesson in lessons), done)


def front_of(courses: list[ListedCourse], sights: ReaderSights) -> ListedCourse | None:
    candidates = [course for course in courses if course.enrolled_at] or courses
    if len(candidates) < 2:
        return next(iter(candidates), None)
    seen = {course.pk: last_seen(course.pk, sights) for course in candidates}
    newest = max((at for at in seen.values() if at), default=None)
    return next((course for course in candidates if seen[course.pk] == newest), None)


def last_seen(course_id: int, sights: ReaderSights) -> datetime | None:
    """Return when the reader was last in a lesson or in review questions of a course."""
    lines = published(course_id)[CONTENTS].positions
    read = [visit.last_at for lesson, visit in sights.visits.items() if lesson in lines]
    answered = [at for review, at in sights.answered.items() if review in lines]
    return max(filter(None, [*read, *answered]), default=None)
