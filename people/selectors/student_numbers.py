"""The student numbers of a course. No two people of a course have the same one."""

from django.db.models import Exists, QuerySet

from people.models import Enrollment
from people.rules.student_numbers import number_key


def has_student_numbers(course_id: int) -> bool:
    """Return whether anybody in the course has a student number, so that pages show them."""
    return _numbered(course_id).exists()


def noting_numbers(rows: QuerySet[Enrollment], course_id: int) -> QuerySet[Enrollment]:
    """Return the enrollments, each with `course_has_numbers`. Runs no query of its own."""
    return rows.annotate(course_has_numbers=Exists(_numbered(course_id)))


def _numbered(course_id: int) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(course_id=course_id).exclude(student_number="")


def number_holders(course_id: int) -> dict[str, Enrollment]:
    """Return who has each number of a course, by `number_key`, also those who left. Runs one query."""
    return {number_key(row.student_number): row for row in _numbered(course_id).select_related("user")}
