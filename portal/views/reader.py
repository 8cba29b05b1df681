"""Whose state a page of a course shows: its learner's, or nobody's in a staff preview (D28)."""

from django.contrib.auth.models import AbstractUser

from course.rules.refusals import Refusal
from course.selectors import active_enrollment


def learner_of(user: AbstractUser, course_id: int) -> int | None:
    """The learner's id; None for staff who look without taking the course. Refusal not_enrolled for anyone else."""
    enrollment = active_enrollment(user, course_id)
    if enrollment is not None and enrollment.is_learner:
        return user.pk
    if user.is_staff:
        return None
    raise Refusal("not_enrolled")
