"""Points that an instructor gives a learner in an assessment, and takes back (D18)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services import lock_enrollment, record_audit
from grading.services import current_override, write_override
from quizzes.models import Assessment
from quizzes.services.scoring import follow_activity


@transaction.atomic
def override_score(
    *, course: Any, assessment_id: str, learner_id: int, points: Decimal, reason: str, author: Any, now: datetime
) -> Any:
    """Give these points instead of the earned ones, whatever is answered later; returns the record in force.

    The same points again are the same record. Raises Refusal not_found, points_invalid, reason_missing.
    """
    reason = stated(reason)
    assessment = _locked(course, assessment_id, learner_id)
    stands = current_override(activity=assessment_id, learner_id=learner_id)
    if stands is not None and stands.points_earned == points:
        return stands
    return _write(course, assessment, learner_id, points, reason, author, now)


@transaction.atomic
def undo_override(*, course: Any, assessment_id: str, learner_id: int, reason: str, author: Any, now: datetime) -> Any:
    """Let the earned points count again, by a further record. Raises Refusal not_found, nothing_to_undo, reason_missing."""
    reason = stated(reason)
    assessment = _locked(course, assessment_id, learner_id)
    if current_override(activity=assessment_id, learner_id=learner_id) is None:
        raise Refusal("nothing_to_undo")
    return _write(course, assessment, learner_id, None, reason, author, now)


def _locked(course: Any, assessment_id: str, learner_id: int) -> Assessment:
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course.pk)
    assessment = Assessment.objects.filter(pk=assessment_id, course=course).first()
    if enrollment is None or enrollment.role != "learner" or assessment is None:
        raise Refusal("not_found")
    return assessment


def _write(
    course: Any,
    assessment: Assessment,
    learner_id: int,
    points: Decimal | None,
    reason: str,
    author: Any,
    now: datetime,
) -> Any:
    cause = "override undone" if points is None else "override"
    row = write_override(
        activity=assessment.pk,
        learner_id=learner_id,
        course_id=course.pk,
        points=points,
        reason=reason,
        author_id=author.pk,
        now=now,
    )
    follow_activity(
        assessment=assessment, learner_id=learner_id, cause=cause, reason=reason, author_id=author.pk, now=now
    )
    record_audit(
        actor=author,
        action=cause.replace(" ", "_"),
        now=now,
        course=course,
        target=f"user:{learner_id}",
        reason=reason,
        details={"assessment": assessment.pk, "points": None if points is None else str(points)},
    )
    return row
