"""A sitting that does not count, so that its learner may sit again; or counts again after all (D24)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services import lock_enrollment, record_audit
from quizzes.models import Assessment, Sitting, Void
from quizzes.services.scoring import follow_activity


@transaction.atomic
def void_sitting(*, course: Any, sitting_id: str, reason: str, author: Any, now: datetime) -> Void:
    """Keep an exam's sitting, and count it no more; its learner may start a fresh one, which draws anew.

    The grade falls to what it is without it, and a certificate with it, in the same transaction. Raises Refusal
    not_found, not_an_exam, already_void, reason_missing.
    """
    reason = stated(reason)
    sitting = locked_sitting(course, sitting_id)
    if sitting.assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    if sitting.is_void:
        raise Refusal("already_void")
    set_void(sitting, is_void=True)
    row = Void.objects.create(sitting=sitting, reason=reason, author=author, created_at=now)
    follow(sitting, row, "void", author, now)
    return row


@transaction.atomic
def undo_void(*, course: Any, sitting_id: str, reason: str, author: Any, now: datetime) -> Void:
    """Make a void sitting count again, by a further record.

    Raises Refusal not_found, nothing_to_undo, sitting_replaced where the learner has started another, reason_missing.
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
    row = Void.objects.create(sitting=sitting, undoes=newest, reason=reason, author=author, created_at=now)
    follow(sitting, row, "void undone", author, now)
    return row


def locked_sitting(course: Any, sitting_id: str) -> Sitting:
    """A sitting of the course under its learner's lock. Raises Refusal not_found."""
    rows = Sitting.objects.filter(pk=sitting_id, assessment__course=course)
    learner_id = rows.values_list("learner_id", flat=True).first()
    if learner_id is None:
        raise Refusal("not_found")
    lock_enrollment(learner_id=learner_id, course_id=course.pk)
    return rows.select_related("assessment").get()


def set_void(sitting: Sitting, *, is_void: bool) -> None:
    sitting.is_void = is_void
    sitting.save(update_fields=["is_void"])


def follow(sitting: Sitting, row: Void, cause: str, author: Any, now: datetime) -> None:
    follow_activity(
        assessment=sitting.assessment,
        learner_id=sitting.learner_id,
        cause=cause,
        reason=row.reason,
        author_id=author.pk,
        now=now,
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
