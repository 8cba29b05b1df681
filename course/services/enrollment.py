from datetime import datetime

from django.db import transaction
from django.db.models import Subquery

from course.models import Course, Enrollment, User
from course.rules.refusals import Refusal
from course.rules.schedule import refuse_outside


def enroll(
    *, user: User, course: Course, now: datetime, name: str = "", role: str = Enrollment.Role.LEARNER
) -> tuple[Enrollment, bool]:
    """Put `user` into `course`; again is harmless and finds the old records (D28). True where that is new.

    Without `name` the account's stands on the certificate, and its user name where it has none.

    Raises Refusal course_not_open, course_closed.
    """
    refuse_outside("course", opens_at=course.opens_at, closes_at=course.closes_at, now=now)
    with transaction.atomic():
        enrollment, is_created = Enrollment.objects.select_for_update().get_or_create(
            user=user, course=course, defaults={"enrolled_at": now, "name": name or user.get_full_name(), "role": role}
        )
        is_new = is_created or enrollment.unenrolled_at is not None
        if not is_created and is_new:
            enrollment.unenrolled_at = None
            enrollment.save(update_fields=["unenrolled_at"])
        return enrollment, is_new


def unenroll(*, user: User, course: Course, now: datetime) -> None:
    """Leave a course; the records stay."""
    Enrollment.objects.filter(user=user, course=course, unenrolled_at=None).update(unenrolled_at=now)


def rename(*, enrollment: Enrollment, name: str, is_fixed: bool) -> Enrollment:
    """Set the full name for the certificate; Refusal name_fixed once that is issued (D19)."""
    if is_fixed and name != enrollment.name:
        raise Refusal("name_fixed")
    enrollment.name = name
    enrollment.save(update_fields=["name"])
    return enrollment


def lock_enrollment(*, learner_id: int, course_id: int | Subquery) -> Enrollment | None:
    """The one lock of everything a learner spends in a course; to be called inside a transaction.

    A learner's answers, starts, ends, settlements and grade wait for each other, nobody else's do. `course_id` may
    be a subquery, so that what it is read from can be read under the lock.
    """
    rows = Enrollment.objects.select_for_update(no_key=True)
    return rows.filter(user_id=learner_id, course_id=course_id).first()
