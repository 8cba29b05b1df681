"""What the first page shows: every course, and of one of them the outline and the grade."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.selectors import lessons_of
from grading.selectors import CourseGrade, course_grade
from portal.selectors.labs import labs_with_work
from portal.selectors.outline import Content, Outline, parts_of
from quizzes.selectors import assessments_of

NOBODY = 0  # nobody's id: the scheme as it stands before anyone begins


@dataclass(frozen=True)
class CatalogueLine:
    """A course in the list; `done` of `lessons` were read to the end by this reader."""

    course: Any
    lessons: int
    minutes: int
    done: int

    @property
    def is_enrolled(self) -> bool:
        return self.course.enrolled_at is not None


@dataclass(frozen=True)
class Catalogue:
    """`front` is the course that the page opens with: the one read last, else the first; None without any."""

    lines: tuple[CatalogueLine, ...]
    front: Any | None
    outline: Outline | None
    grade: CourseGrade | None

    @property
    def only(self) -> Any | None:
        return self.front if len(self.lines) == 1 else None

    @property
    def is_enrolled(self) -> bool:
        return self.front is not None and self.front.enrolled_at is not None


def catalogue_of(courses: list[Any], user_id: int | None) -> Catalogue:
    """At most five statements, whatever the number of courses and lessons."""
    lessons = lessons_of([course.pk for course in courses], user_id)
    lines = tuple(line_of(course, [row for row in lessons if row.module.course_id == course.pk]) for course in courses)
    front = front_of(courses, lessons)
    if front is None:
        return Catalogue(lines, None, None, None)
    grade = course_grade(user_id if front.enrolled_at and user_id else NOBODY, front.pk)
    mine = [row for row in lessons if row.module.course_id == front.pk]
    content = Content(mine, labs_with_work([front.pk], user_id), assessments_of(front.pk))
    return Catalogue(lines, front, Outline(tuple(parts_of(content, user_id, grade))), grade)


def course_scheme(course_id: int) -> CourseGrade:
    """The weights, lines and points of a course, as they stand before anyone begins."""
    return course_grade(NOBODY, course_id)


def line_of(course: Any, lessons: list[Any]) -> CatalogueLine:
    done = sum(lesson.done_at is not None for lesson in lessons)
    return CatalogueLine(course, len(lessons), sum(lesson.minutes for lesson in lessons), done)


def front_of(courses: list[Any], lessons: list[Any]) -> Any | None:
    visits: dict[int, datetime] = {}
    for lesson in lessons:
        if lesson.opened_at:
            visits[lesson.module.course_id] = max(
                lesson.opened_at, visits.get(lesson.module.course_id, lesson.opened_at)
            )
    candidates = [course for course in courses if course.enrolled_at] or courses
    read = [course for course in candidates if course.pk in visits]
    return max(read, key=lambda course: visits[course.pk]) if read else next(iter(candidates), None)
