"""Hand a new course, or a copy of one, to its instructor."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from people.models import Enrollment
from records.services import record_audit


@transaction.atomic
def prepare_copied_course(*, course: Course, source: Course, author: User | None, now: datetime) -> Course:
    """Hide a course that was just copied from `source`, and make its author the instructor."""
    hide_new_course(course, author, now)
    for row in (source, course):
        record_audit(
            actor=author,
            action="copy_course",
            now=now,
            course=row,
            target=f"course:{row.slug}",
            details={"from": source.slug, "to": course.slug},
        )
    return course


@transaction.atomic
def prepare_new_course(*, course: Course, sample: str, author: User, now: datetime) -> Course:
    """Hide a course that was just made, and make its author the instructor. `sample` is the sample that it begins with, or ""."""
    hide_new_course(course, author, now)
    record_audit(
        actor=author,
        action="create_course",
        now=now,
        course=course,
        target=f"course:{course.slug}",
        details={"from": sample or "nothing"},
    )
    return course


def hide_new_course(course: Course, author: User | None, now: datetime) -> None:
    course.visibility = "hidden"
    course.save(update_fields=["visibility"])
    if author is not None:
        role = Enrollment.Role.INSTRUCTOR
        Enrollment.objects.create(user=author, course=course, role=role, enrolled_at=now, name=author.get_full_name())
