"""People of a workplace."""

from typing import Any

from course.models import Enrollment
from tests import factories as make


def instructor_of(course: Any, **fields: Any) -> Any:
    teacher = make.make_user(is_staff=True, **fields)
    Enrollment.objects.create(user=teacher, course=course, role="instructor", enrolled_at=make.NOW)
    return teacher


def everyone(course: Any) -> dict[str, Any]:
    """One visitor of each role; None is a stranger."""
    return {
        "stranger": None,
        "learner": make.enroll(course=course),
        "instructor of another course": instructor_of(make.make_course()),
        "staff of no course": make.make_user(is_staff=True),
        "instructor": instructor_of(course),
        "superuser": make.make_user(is_staff=True, is_superuser=True),
    }
