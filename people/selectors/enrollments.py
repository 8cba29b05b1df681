"""The enrollment of a reader, mostly from the query that reads the revisions of the courses."""

from collections.abc import Iterable
from copy import copy
from typing import Any, cast

from django.db.models import Q

from accounts.models import User
from course.models import Course
from course.selectors.published import TEXT
from course.selectors.snapshots import (
    CourseLine,
    course_seen_by,
    courses_seen_by,
    is_pinned,
    published,
    row_of_reader,
    rows_read,
    rows_seen,
    visibility_of,
)
from foundation.fast.prepared import PreparedQuery, instances
from people.models import Enrollment
from people.rules.roles import ROLES

ENROLLMENT_FIELDS = tuple(field.attname for field in Enrollment._meta.concrete_fields)
ROLE = ENROLLMENT_FIELDS.index("role")
MINE = row_of_reader(
    "mine",
    "enrollments",
    lambda user_id: Q(course__enrollments__user_id=user_id, course__enrollments__unenrolled_at=None),
    ENROLLMENT_FIELDS,
)
ENROLLMENT = PreparedQuery(
    lambda user_id, course_id: Enrollment.objects.filter(
        user_id=user_id, course_id=course_id, unenrolled_at=None
    ).values_list(*ENROLLMENT_FIELDS),
    user_id=int,
    course_id=int,
)


def enrollment_seen(user_id: int, course_id: int) -> Enrollment | None:
    """Return this person's enrollment if it has not ended. Runs no query for the reader of a request that was pinned."""
    mine = rows_seen(MINE, user_id)
    if mine is not None:
        return enrollment_from(mine.get(course_id))
    return enrollment_from(next(iter(ENROLLMENT(user_id=user_id, course_id=course_id)), None))


def has_role(person: User) -> bool:
    """Tell whether this person has a role in any course. Runs one query, and none for the reader of a request that was
    pinned.
    """
    mine = rows_seen(MINE, person.pk)
    if mine is not None:
        return bool(ROLES.keys() & {values[ROLE] for values in mine.values()})
    return Enrollment.objects.filter(user_id=person.pk, role__in=ROLES, unenrolled_at=None).exists()


def known_to_work(reader: User) -> bool | None:
    """Tell whether the reader of a page works as staff, if the request has read their enrollments already; else None.

    It is what `accounts.selectors.works_as_staff` says, in fewer calls, because every page has a bar.
    """
    mine = rows_read(MINE, reader.pk)
    if mine is None:
        return None
    may_more = reader.is_staff or reader.is_superuser or reader.is_course_creator
    return may_more or bool(ROLES.keys() & {values[ROLE] for values in mine.values()})


def enrollment_from(values: tuple[Any, ...] | None) -> Enrollment | None:
    return instances(Enrollment, [values], ENROLLMENT_FIELDS)[0] if values else None


def lines_with_roles(user_id: int | None) -> list[tuple[CourseLine, str | None]]:
    """Return every course by title, with this person's role in it, None without an enrollment that has not ended.

    Runs at most one query, and none for the reader of a request that was pinned.
    """
    seen = courses_seen_by(user_id)
    mine = seen.rows[MINE]
    return [(line, mine[line.id][ROLE] if line.id in mine else None) for line in seen.courses]


def visibility_and_enrollment(user_id: int | None, course_id: int) -> tuple[str, Enrollment | None]:
    """Return a course's visibility ("" for an unknown course) and this person's enrollment if it has not ended.

    Runs one query, and none for the reader of a request that was pinned.
    """
    if is_pinned() or user_id is None:
        return visibility_of(course_id), None if user_id is None else enrollment_seen(user_id, course_id)
    seen = course_seen_by(user_id, course_id)
    if not seen.courses:
        return "", None
    return seen.courses[0].visibility, enrollment_from(seen.rows[MINE].get(course_id))


def listed_courses(lines: Iterable[CourseLine], user_id: int | None) -> list[Course]:
    """Return these courses in order, as published. Each has this person's `enrolled_at` and `role`, or None,
    and `is_taken`: whether they take the course as a learner.

    Runs no query for the reader of a request that was pinned.
    """
    return [listed_course(line.id, user_id) for line in lines]


def listed_course(course_id: int, user_id: int | None) -> Course:
    listed: Any = copy(published(course_id)[TEXT].course)
    enrollment = None if user_id is None else enrollment_seen(user_id, course_id)
    listed.enrolled_at = enrollment and enrollment.enrolled_at
    listed.role = enrollment and enrollment.role
    listed.is_taken = enrollment is not None and enrollment.role == Enrollment.Role.LEARNER
    return cast("Course", listed)
