from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from accounts.models import User
from course.models import Course
from course.rules.joining import refuse_unless_admitted
from course.rules.schedule import refuse_outside
from course.services.content import lock_course
from foundation.fast.prepared import PreparedQuery, instances
from people.access import access_from, access_of, refuse_archived, refuse_unless_learner, refuse_unseen
from people.models import Enrollment
from people.refusals import Refusal
from people.services.joining import use_invitation
from records.services import record_audit


def enroll(
    *, user: User, course: Course, now: datetime, name: str = "", code: str = "", invitation: str = ""
) -> tuple[Enrollment, bool]:
    """Enroll `user` in `course` as a learner.

    Return the enrollment, and whether it is new. Enrolling again is harmless and reuses the old records (D28).

    Enrolling never gives a role, and never changes an active one: an instructor stays an instructor. Anyone who was
    dismissed becomes a learner, which the audit records. Without `name`, the certificate gets the account's name or, if
    that is empty, its username.

    The course decides who may join: `code` is what the person typed, `invitation` is the token of a link.

    Raises Refusal course_archived, course_not_open, course_closed, removed_from_class, enrollment_closed, invitation_needed,
    code_incorrect, not_found, invitation_revoked, invitation_expired, invitation_used_up. Whoever does not see the course
    gets not_found for all.
    """
    if course.visibility == "hidden":
        refuse_unseen(access_of(user, course.pk))
    try:
        return _enroll_admitted(user=user, course=course, now=now, name=name, code=code, invitation=invitation)
    except Refusal:
        refuse_unseen(access_of(user, course.pk))
        raise


def _enroll_admitted(
    *, user: User, course: Course, now: datetime, name: str, code: str, invitation: str
) -> tuple[Enrollment, bool]:
    with transaction.atomic():
        lock_course(course_id=course.pk)  # a load locks everyone who is enrolled: a newcomer waits for its end
        course = Course.objects.get(pk=course.pk)  # during the wait, it may have been archived or got a new code
        refuse_archived(course)
        refuse_outside("course", opens_at=course.opens_at, closes_at=course.closes_at, now=now)
        enrollment, is_created = Enrollment.objects.select_for_update().get_or_create(
            user=user, course=course, defaults={"enrolled_at": now, "name": name or user.get_full_name()}
        )
        is_new = is_created or enrollment.unenrolled_at is not None
        if enrollment.removed_at is not None:
            raise Refusal("removed_from_class")
        if is_new:
            refuse_unless_admitted(
                way=course.joins_by, code=course.join_code, typed_code=code, is_invited=bool(invitation)
            )
        if is_new and invitation:
            use_invitation(course=course, token=invitation, now=now)
        if not is_created and is_new:
            return_as_learner(enrollment, now)
        return enrollment, is_new


def return_as_learner(enrollment: Enrollment, now: datetime) -> None:
    """Reactivate an ended enrollment as a learner, and record the change of a former role in the audit."""
    was, enrollment.role = enrollment.role, Enrollment.Role.LEARNER
    enrollment.unenrolled_at = None
    enrollment.save(update_fields=["unenrolled_at", "role"])
    if was != enrollment.role:
        record_audit(
            actor=enrollment.user,
            action=f"enroll_dismissed_{was}",
            now=now,
            course=enrollment.course,
            target=f"user:{enrollment.user_id}",
            details={"username": enrollment.user.username},
        )


@transaction.atomic
def unenroll(*, user: User, course: Course, now: datetime) -> None:
    """Leave a course as a learner; the records stay.

    Raises Refusal course_archived, because nobody could come back, and teaches_the_course for those with another role.
    """
    refuse_archived(course)
    rows = Enrollment.objects.select_for_update().filter(user=user, course=course, unenrolled_at=None)
    enrollment = rows.first()
    if enrollment is None:
        return
    if enrollment.role != Enrollment.Role.LEARNER:
        raise Refusal("teaches_the_course")
    enrollment.unenrolled_at = now
    enrollment.save(update_fields=["unenrolled_at"])


def rename(*, enrollment: Enrollment, name: str, is_fixed: bool) -> Enrollment:
    """Set the full name for the certificate. Raises Refusal name_fixed once the certificate is issued (D19)."""
    if is_fixed and name != enrollment.name:
        raise Refusal("name_fixed")
    enrollment.name = name
    enrollment.save(update_fields=["name"])
    return enrollment


ENROLLMENT = tuple(field.attname for field in Enrollment._meta.concrete_fields)
LOCK = PreparedQuery(
    lambda learner_id, course_id: (
        Enrollment.objects.select_for_update(no_key=True)
        .filter(user_id=learner_id, course_id=course_id)
        .values_list(*ENROLLMENT)
    ),
    learner_id=int,
    course_id=int,
)


def lock_enrollment(*, learner_id: int, course_id: int) -> Enrollment | None:
    """Lock everything that belongs to one learner in a course. Call it inside a transaction.

    This is the learner's only lock: their answers, starts, ends, settlements and grade wait for each other, but not for
    those of other learners. Raises TransactionManagementError outside a transaction, where the lock would end at once.
    """
    if connection.features.has_select_for_update and not connection.in_atomic_block:
        raise TransactionManagementError("a learner can be locked only inside a transaction")
    return next(iter(instances(Enrollment, LOCK(learner_id=learner_id, course_id=course_id), ENROLLMENT)), None)


class Learner(Protocol):
    """What the services need to know about a signed-in person."""

    pk: Any
    is_superuser: bool


def lock_learner(*, learner: Learner, course: Any) -> Any:
    """Lock the learner's enrollment in a course (D28).

    Raises Refusal not_found, not_enrolled, course_archived, or preview_only for staff.
    """
    enrollment = lock_enrollment(learner_id=learner.pk, course_id=course.pk)
    refuse_unless_learner(access_from(enrollment, visibility=course.visibility, person=learner))
    refuse_archived(course)
    return enrollment
