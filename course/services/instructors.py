"""Who teaches a course: appointed and dismissed by superusers, with a reason."""

from datetime import datetime

from django.db import transaction

from course.models import Course, Enrollment, User
from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services.audit import record_audit


@transaction.atomic
def appoint_instructor(*, course: Course, username: str, author: User, reason: str, now: datetime) -> Enrollment:
    """Let an account work in the course; it becomes staff. Again is harmless.

    Raises Refusal not_permitted, reason_missing, unknown_account, takes_the_course.
    """
    reason = permitted(author, reason)
    user = User.objects.select_for_update().filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise Refusal("unknown_account")
    role = Enrollment.Role.INSTRUCTOR
    enrollment, is_new = Enrollment.objects.get_or_create(
        user=user, course=course, defaults={"role": role, "enrolled_at": now, "name": user.get_full_name()}
    )
    if enrollment.role != role:
        raise Refusal("takes_the_course")
    if not is_new and enrollment.unenrolled_at is None and user.is_staff:
        return enrollment
    Enrollment.objects.filter(pk=enrollment.pk).update(unenrolled_at=None)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    write_down("appoint_instructor", course, user, author, reason, now)
    return enrollment


@transaction.atomic
def dismiss_instructor(*, course: Course, username: str, author: User, reason: str, now: datetime) -> None:
    """They work in the course no more; what they did stays. Who teaches nothing any more is no longer staff.

    Raises Refusal not_permitted, reason_missing, no_instructor.
    """
    reason = permitted(author, reason)
    teaching = Enrollment.objects.filter(role=Enrollment.Role.INSTRUCTOR, unenrolled_at=None)
    found = teaching.select_related("user").filter(course=course, user__username=username).first()
    if found is None:
        raise Refusal("no_instructor")
    teaching.filter(pk=found.pk).update(unenrolled_at=now)
    if not found.user.is_superuser and not teaching.filter(user=found.user).exists():
        User.objects.filter(pk=found.user_id).update(is_staff=False)
    write_down("dismiss_instructor", course, found.user, author, reason, now)


def permitted(author: User, reason: str) -> str:
    if not author.is_superuser:
        raise Refusal("not_permitted")
    return stated(reason)


def write_down(action: str, course: Course, user: User, author: User, reason: str, now: datetime) -> None:
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=course,
        target=f"user:{user.pk}",
        reason=reason,
        details={"username": user.username},
    )
