"""Release what an assessment holds back, and hold it back again (D33). Grades do not change."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from course.services import lock_course
from foundation.reasons import stated
from mail.services import notify
from quizzes.models import Assessment, Release
from quizzes.refusals import Refusal
from quizzes.selectors.releases import is_releasable, release_state, waits_for_release
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@transaction.atomic
def release_assessment(*, course: "Course", assessment_id: str, reason: str, author: "User", now: datetime) -> Release:
    """Show learners what the assessment holds back until its release, from now on. Those who finished it get a notice.

    Raises Refusal not_found, nothing_held_back, already_released, reason_missing.
    """
    reason = stated(reason)
    assessment = locked_assessment(course, assessment_id)
    if not waits_for_release(assessment):
        raise Refusal("nothing_held_back")
    if assessment.released_at is not None:
        raise Refusal("already_released")
    row = write_release(assessment, None, reason, author, now)
    learner_ids = release_state(course.pk, assessment_id, now).finished
    notify(what="release", key=str(row.pk), course_id=course.pk, user_ids=learner_ids, now=now)
    return row


@transaction.atomic
def undo_release(*, course: "Course", assessment_id: str, reason: str, author: "User", now: datetime) -> Release:
    """Hold back again what was released, by a further record. What learners have seen by then, they have seen.

    Raises Refusal not_found, nothing_to_undo, reason_missing.
    """
    reason = stated(reason)
    assessment = locked_assessment(course, assessment_id)
    newest = Release.objects.filter(assessment=assessment, undoes=None).order_by("-pk").first()
    if assessment.released_at is None or newest is None:
        raise Refusal("nothing_to_undo")
    return write_release(assessment, newest, reason, author, now)


def locked_assessment(course: "Course", assessment_id: str) -> Assessment:
    """Return an assessment of the course that a release can reach, locked after its course. Raises Refusal not_found."""
    lock_course(course_id=course.pk)
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).filter(course=course)
    assessment = rows.filter(pk=assessment_id).first()
    if assessment is None or not is_releasable(assessment):
        raise Refusal("not_found")
    return assessment


def write_release(
    assessment: Assessment, undoes: Release | None, reason: str, author: "User", now: datetime
) -> Release:
    """Store a release or its end, and write the audit."""
    assessment.released_at = now if undoes is None else None
    assessment.save(update_fields=["released_at"])
    row = Release.objects.create(assessment=assessment, undoes=undoes, reason=reason, author=author, created_at=now)
    record_audit(
        actor=author,
        action="release_assessment" if undoes is None else "undo_release",
        now=now,
        course=assessment.course,
        target=f"course:{assessment.course.slug}",
        reason=reason,
        details={"assessment": assessment.pk},
    )
    return row
