"""Data of the home page: every course, and outline and grade of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from course.selectors import TEXT, published
from grading.rules.course_grade import CourseGrade
from grading.selectors import SettledGrades, scheme_of
from lessons.rules.reading import Visit
from lessons.selectors import visits_of_reader
from people.rules.roles import ROLES
from portal.pages.selectors.outline import LearnerOutline, outline_of


class ListedCourse(Protocol):
    """A course with the instant at which this reader enrolled, and their role; both are None for everyone else."""

    pk: int
    enrolled_at: datetime | None
    role: str | None


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
    """`front` is the course at the top of the page: the one read last, or else the first; None without courses."""

    lines: tuple[CatalogueLine, ...]
    front: Any | None
    outline: LearnerOutline | None
    grade: CourseGrade | None

    @property
    def only(self) -> ListedCourse | None:
        return self.front if len(self.lines) == 1 else None

    @property
    def is_enrolled(self) -> bool:
        return self.front is not None and self.front.enrolled_at is not None

    @property
    def is_taken(self) -> bool:
        """Return whether this reader takes the course as a learner. Only a learner has a grade."""
        return self.is_enrolled and self.front.role not in ROLES

    @property
    def is_taught(self) -> bool:
        """Return whether this reader works in the course."""
        return self.is_enrolled and not self.is_taken


def catalogue_of(courses: list[Any], user_id: int | None, grades: SettledGrades | None, now: datetime) -> Catalogue:
    """Return the page for a reader, or for an anonymous one without `grades`. Runs a constant number of queries."""
    visits = {} if user_id is None else visits_of_reader(user_id)
    lines = tuple(catalogue_line(course, visits) for course in courses)
    front = front_of(courses, visits)
    if front is None:
        return Catalogue(lines, None, None, None)
    is_theirs = bool(grades and front.enrolled_at and user_id) and front.role not in ROLES
    grade = grades.grade_shown(user_id, front.pk) if is_theirs else scheme_of(front.pk)
    return Catalogue(lines, front, outline_of(front.pk, user_id, grade, visits, now=now), grade)


def catalogue_line(course: ListedCourse, visits: Mapping[str, Visit]) -> CatalogueLine:
    lessons = published(course.pk)[TEXT].in_outline
    done = sum(lesson.pk in visits and visits[lesson.pk].done_at is not None for lesson in lessons)
    return CatalogueLine(course, len(lessons), sum(lesson.minutes for lesson in lessons), done)


def front_of(courses: list[ListedCourse], visits: Mapping[str, Visit]) -> ListedCourse | None:
    candidates = [course for course in courses if course.enrolled_at] or courses
    read = {course.pk: last_read(course.pk, visits) for course in candidates}
    newest = max((at for at in read.values() if at), default=None)
    return next((course for course in candidates if read[course.pk] == newest), None)


def last_read(course_id: int, visits: Mapping[str, Visit]) -> datetime | None:
    lessons = published(course_id)[TEXT].in_outline
    return max((at for lesson in lessons if lesson.pk in visits and (at := visits[lesson.pk].opened_at)), default=None)
