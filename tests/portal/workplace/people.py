"""People of a workplace."""

from typing import Any

from people.models import Enrollment
from tests import factories as make


def instructor_of(course: Any, **fields: Any) -> Any:
    return staff_in(course, "instructor", **fields)


def staff_in(course: Any, role: str, **fields: Any) -> Any:
    """Return somebody with a role, whose account also opens Django's admin unless `is_staff` says otherwise."""
    person = make.make_user(**{"is_staff": True, **fields})
    Enrollment.objects.create(user=person, course=course, role=role, enrolled_at=make.NOW)
    return person


def everyone(course: Any) -> dict[str, Any]:
    """One visitor of each role; None is a stranger."""
    return {
        "stranger": None,
        "learner": make.enroll(course=course),
        "instructor of another course": instructor_of(make.make_course(), is_staff=False),
        "staff of no course": make.make_user(is_staff=True),
        "instructor": instructor_of(course, is_staff=False),
        "superuser": make.make_user(is_staff=True, is_superuser=True),
    }
