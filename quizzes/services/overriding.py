"""Points that an instructor gives a learner in an assessment, and withdraws (D18)."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from course.access import known_learner
from course.services import lock_enrollment, record_audit
from foundation.reasons import stated
from grading.services import Cause, GradeAction, current_override, write_override
from quizzes.models import Assessment
from quizzes.refusals import Refusal
from quizzes.services.scoring import follow_activity

if TYPE_CHECKING:
    from course.models import Course, User
    from grading.models import Override


@transaction.atomic
def override_score(
    *,
    course: "Course",
    assessment_id: str,
    learner_id: int,
    points: Decimal,
    reason: str,
    author: "User",
    now: datetime,
) -> "Override":
    """Give these points in place of the earned ones, whatever the learner answers later. Return the record in force.

    Giving the same points again returns the same record. Raises Refusal not_found, points_invalid, reason_missing.
    """
    reason = stated(reason)
    assessment = _lock_assessment(course, assessment_id, learner_id)
    stands = current_override(activity=assessment_id, learner_id=learner_id)
    if stands is not None and stands.points_earned == points:
        return stands
    return _record_override(course, assessment, learner_id, points, reason, author, now)


@transaction.atomic
def undo_override(
    *, course: "Course", assessment_id: str, learner_id: int, reason: str, author: "User", now: datetime
) -> "Override":
    """Make the earned points count again, by a further record. Raises Refusal not_found, nothing_to_undo, reason_missing."""
    reason = stated(reason)
    assessment = _lock_assessment(course, assessment_id, learner_id)
    if current_override(activity=assessment_id, learner_id=learner_id) is None:
        raise Refusal("nothing_to_undo")
    return _record_override(course, assessment, learner_id, None, reason, author, now)


def _lock_assessment(course: "Course", assessment_id: str, learner_id: int) -> Assessment:
    known_learner(lock_enrollment(learner_id=learner_id, course_id=course.pk))
    assessment = Assessment.objects.filter(pk=assessment_id, course=course).first()
    if assessment is None:
        raise Refusal("not_found")
    return assessment


def _record_override(
    course: "Course",
    assessment: Assessment,
    learner_id: int,
    points: Decimal | None,
    reason: str,
    author: "User",
    now: datetime,
) -> "Override":
    cause = Cause.OVERRIDE_UNDONE if points is None else Cause.OVERRIDE
    row = write_override(
        activity=assessment.pk,
        learner_id=learner_id,
        course_id=course.pk,
        points=points,
        reason=reason,
        author_id=author.pk,
        now=now,
    )
    action = GradeAction(cause, now, author.pk, reason)
    follow_activity(assessment=assessment, learner_id=learner_id, action=action)
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
