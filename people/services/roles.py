"""Roles in a course: superusers give and take them, with a reason."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.reasons import stated
from people.access import refuse_to_appoint
from people.models import Enrollment
from people.refusals import Refusal
from people.rules.roles import ROLES
from records.services import record_audit


@transaction.atomic
def appoint_staff(*, course: Course, username: str, role: str, author: User, reason: str, now: datetime) -> Enrollment:
    """Give an account a role in the course, in place of the one that it has, and make it staff.

    Appointing again is harmless. Raises Refusal not_permitted, reason_missing, role_unknown, unknown_account,
    takes_the_course.
    """
    reason = permitted(author, reason)
    if role not in ROLES:
        raise Refusal("role_unknown", known=", ".join(ROLES))
    user = locked_account(username.strip())
    if user is None or not user.is_active:
        raise Refusal("unknown_account")
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        user=user, course=course, defaults={"role": role, "enrolled_at": now, "name": user.get_full_name()}
    )
    was = None if is_new or enrollment.unenrolled_at is not None else enrollment.role
    if enrollment.role == Enrollment.Role.LEARNER:
        raise Refusal("takes_the_course")
    if was == role and user.is_staff:
        return enrollment
    enrollment.role, enrollment.unenrolled_at = role, None
    enrollment.save(update_fields=["role", "unenrolled_at"])
    User.objects.filter(pk=user.pk).update(is_staff=True)
    before = {"role_before": was} if was not in (None, role) else {}
    audit_role_change(f"appoint_{role}", course, user, author, reason, now, **before)
    return enrollment


@transaction.atomic
def dismiss_staff(*, course: Course, username: str, author: User, reason: str, now: datetime) -> None:
    """End a person's role in the course; the records of their work stay. Without a role anywhere, they are not staff.

    Raises Refusal not_permitted, reason_missing, no_instructor.
    """
    reason = permitted(author, reason)
    locked_account(username)
    working = Enrollment.objects.filter(role__in=ROLES, unenrolled_at=None)
    rows = working.select_for_update(of=("self",)).select_related("user")
    enrollment = rows.filter(course=course, user__username=username).first()
    if enrollment is None:
        raise Refusal("no_instructor")
    working.filter(pk=enrollment.pk).update(unenrolled_at=now)
    if not enrollment.user.is_superuser and not working.filter(user=enrollment.user).exists():
        User.objects.filter(pk=enrollment.user_id).update(is_staff=False)
    audit_role_change(f"dismiss_{enrollment.role}", course, enrollment.user, author, reason, now)


def locked_account(username: str) -> User | None:
    """Return the account, locked before its enrollment, so that an appointment and a dismissal wait for each other.

    Other transactions can still insert rows that refer to the account: a person who enrolls needs only the enrollment.
    """
    return User.objects.select_for_update(no_key=True).filter(username=username).first()


def permitted(author: User, reason: str) -> str:
    """Return the reason without spaces at its ends. Raises Refusal not_permitted, reason_missing."""
    refuse_to_appoint(author)
    return stated(reason)


def audit_role_change(
    action: str, course: Course, user: User, author: User, reason: str, now: datetime, **details: object
) -> None:
    """Record the appointment or dismissal in the audit."""
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=course,
        target=f"user:{user.pk}",
        reason=reason,
        details={"username": user.username, **details},
    )
