"""Void a sitting, so that its learner may sit again; or make it count again (D24)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from foundation.reasons import stated
from grading.services import Cause, GradeAction
from people.services import lock_enrollment
from quizzes.models import Assessment, Sitting, Void
from quizzes.refusals import Refusal
from quizzes.services.closings import follow_closings
from quizzes.services.scoring import rescore_activity
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@transaction.atomic
def void_sitting(*, course: "Course", sitting_id: str, reason: str, author: "User", now: datetime) -> Void:
    """Keep an exam sitting but stop counting it. Its learner may start a new one with a new draw.

    The grade is recomputed without the sitting, and a certificate revoked if necessary, in the same transaction. Raises
    Refusal not_found, not_an_exam, already_void, reason_missing.
    """
    reason = stated(reason)
    sitting = locked_sitting(course, sitting_id)
    if sitting.assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    if sitting.is_void:
        raise Refusal("already_void")
    set_void(sitting, is_void=True)
    row = Void.objects.create(sitting=sitting, reason=reason, author=author, created_at=now)
    rescore_after_void(sitting, row, Cause.VOID, author, now)
    return row


@transaction.atomic
def undo_void(*, course: "Course", sitting_id: str, reason: str, author: "User", now: datetime) -> Void:
    """Make a void sitting count again, by a further record.

    Raises Refusal not_found, nothing_to_undo, sitting_replaced if the learner has started another, reason_missing.
    """
    reason = stated(reason)
    sitting = locked_sitting(course, sitting_id)
    newest = Void.objects.filter(sitting=sitting, undoes=None).order_by("-pk").first()
    if not sitting.is_void or newest is None:
        raise Refusal("nothing_to_undo")
    others = Sitting.objects.filter(assessment=sitting.assessment, learner_id=sitting.learner_id, is_void=False)
    if others.exists():
        raise Refusal("sitting_replaced")
    set_void(sitting, is_void=False)
    follow_closings(course_id=course.pk, learner_id=sitting.learner_id, now=now)  # those set while it was void
    row = Void.objects.create(sitting=sitting, undoes=newest, reason=reason, author=author, created_at=now)
    rescore_after_void(sitting, row, Cause.VOID_UNDONE, author, now)
    return row


def locked_sitting(course: "Course", sitting_id: str) -> Sitting:
    """Return a sitting of the course under its learner's lock. Raises Refusal not_found."""
    rows = Sitting.objects.filter(pk=sitting_id, assessment__course=course)
    learner_id = rows.values_list("learner_id", flat=True).first()
    if learner_id is None:
        raise Refusal("not_found")
    lock_enrollment(learner_id=learner_id, course_id=course.pk)
    sitting: Sitting = rows.select_related("assessment").get()
    return sitting


def set_void(sitting: Sitting, *, is_void: bool) -> None:
    """Store whether a sitting counts."""
    sitting.is_void = is_void
    sitting.save(update_fields=["is_void"])


def rescore_after_void(sitting: Sitting, row: Void, cause: Cause, author: "User", now: datetime) -> None:
    """Update the gradebook after a sitting was voided or restored, and write the audit."""
    rescore_activity(
        assessment=sitting.assessment,
        learner_id=sitting.learner_id,
        action=GradeAction(cause, now, author.pk, row.reason),
    )
    record_audit(
        actor=author,
        action=cause.replace(" ", "_"),
        now=now,
        course=sitting.assessment.course,
        target=f"sitting:{sitting.pk}",
        reason=row.reason,
        details={"learner": sitting.learner_id},
    )
