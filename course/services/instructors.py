"""Instructors of a course: superusers appoint and dismiss them, with a reason."""

from datetime import datetime

from django.db import transaction

from course.access import refuse_to_appoint
from course.models import Course, Enrollment, User
from course.refusals import Refusal
from course.services.audit import record_audit
from foundation.reasons import stated


@transaction.atomic
def appoint_instructor(*, course: Course, username: str, author: User, reason: str, now: datetime) -> Enrollment:
    """Make an account an instructor of the course, and staff. Appointing again is harmless.

    Raises Refusal not_permitted, reason_missing, unknown_account, takes_the_course.
    """
    reason = permitted(author, reason)
    user = locked_account(username.strip())
    if user is None or not user.is_active:
        raise Refusal("unknown_account")
    role = Enrollment.Role.INSTRUCTOR
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        user=user, course=course, defaults={"role": role, "enrolled_at": now, "name": user.get_full_name()}
    )
    if enrollment.role != role:
        raise Refusal("takes_the_course")
    if not is_new and enrollment.unenrolled_at is None and user.is_staff:
        return enrollment
    Enrollment.objects.filter(pk=enrollment.pk).update(unenrolled_at=None)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    audit_role_change("appoint_instructor", course, user, author, reason, now)
    return enrollment


@transaction.atomic
def dismiss_instructor(*, course: Course, username: str, author: User, reason: str, now: datetime) -> None:
    """Dismiss an instructor; the records of their work stay. Anyone who no longer teaches a course is no longer staff.

    Raises Refusal not_permitted, reason_missing, no_instructor.
    """
    reason = permitted(author, reason)
    locked_account(username)
    teaching = Enrollment.objects.filter(role=Enrollment.Role.INSTRUCTOR, unenrolled_at=None)
    rows = teaching.select_for_update(of=("self",)).select_related("user")
    found = rows.filter(course=course, user__username=username).first()
    if found is None:
        raise Refusal("no_instructor")
    teaching.filter(pk=found.pk).update(unenrolled_at=now)
    if not found.user.is_superuser and not teaching.filter(user=found.user).exists():
        User.objects.filter(pk=found.user_id).update(is_staff=False)
    audit_role_change("dismiss_instructor", course, found.user, author, reason, now)


def locked_account(username: str) -> User | None:
    """Return the account, locked before its enrollment, so that an appointment and a dismissal wait for each other.

    Other transactions can still insert rows that refer to the account: a person who enrolls needs only the enrollment.
    """
    return User.objects.select_for_update(no_key=True).filter(username=username).first()


def permitted(author: User, reason: str) -> str:
    """Return the reason without spaces at its ends. Raises Refusal not_permitted, reason_missing."""
    refuse_to_appoint(author)
    return stated(reason)


def audit_role_change(action: str, course: Course, user: User, author: User, reason: str, now: datetime) -> None:
    """Record the appointment or dismissal in the audit."""
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=course,
        target=f"user:{user.pk}",
        reason=reason,
        details={"username": user.username},
    )
