"""People of a workplace."""

from typing import Any

from people.models import Enrollment
from tests import factories as make


def instructor_of(course: Any, **fields: Any) -> Any:
    return staff_in(course, "instructor", **fields)


def staff_in(course: Any, role: str, **fields: Any) -> Any:
    person = make.make_user(is_staff=True, **fields)
    Enrollment.objects.create(user=person, course=course, role=role, enrolled_at=make.NOW)
    return person


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
