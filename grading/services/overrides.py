"""Points that an instructor gives in place of the earned ones. Another record withdraws them (D18)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from course.access import known_learner
from course.services import lock_enrollment, record_audit
from foundation.reasons import stated
from grading.models import GradeItem, Override
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.rules.causes import Cause
from grading.services.scores import GradeAction

if TYPE_CHECKING:
    from course.models import Course, User

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class OverrideOrder:
    """An instructor's order: these points for this learner in this activity, or the earned points again for None."""

    course: "Course"
    activity: str
    learner_id: int
    points: Decimal | None
    reason: str
    author: "User"
    now: datetime


def carry_out(order: OverrideOrder, *, follow: Callable[[GradeAction], object]) -> Override:
    """Store the override, let `follow` record the score that follows, and record it in the audit. Return the record in force.

    Call it in a transaction. Giving the same points again returns the same record. Raises Refusal not_found,
    points_invalid, nothing_to_undo, reason_missing.
    """
    reason, course = stated(order.reason), order.course
    known_learner(lock_enrollment(learner_id=order.learner_id, course_id=course.pk))
    stands = current_override(activity=order.activity, learner_id=order.learner_id)
    if stands is None and order.points is None:
        raise Refusal("nothing_to_undo")
    if stands is not None and stands.points_earned == order.points:
        return stands
    row = write_override(
        activity=order.activity,
        learner_id=order.learner_id,
        course_id=course.pk,
        points=order.points,
        reason=reason,
        author_id=order.author.pk,
        now=order.now,
    )
    cause = Cause.OVERRIDE_UNDONE if order.points is None else Cause.OVERRIDE
    follow(GradeAction(cause, order.now, order.author.pk, reason))
    record_audit(
        actor=order.author,
        action=cause.replace(" ", "_"),
        now=order.now,
        course=course,
        target=f"user:{order.learner_id}",
        reason=reason,
        details={"assessment": order.activity, "points": None if order.points is None else str(order.points)},
    )
    return row


def write_override(
    *,
    activity: str,
    learner_id: int,
    course_id: int,
    points: Decimal | None,
    reason: str,
    author_id: int,
    now: datetime,
) -> Override:
    """Store the override; None withdraws an earlier one. The caller must record the score that follows.

    Raises Refusal not_found if the course does not grade the activity, points_invalid.
    """
    item = GradeItem.objects.filter(activity=activity, category__course_id=course_id).first()
    if item is None:
        raise Refusal("not_found")
    if points is not None and not is_fit(points, item.points_possible):
        raise Refusal("points_invalid", most=points_text(item.points_possible))
    return Override.objects.create(
        item=item, learner_id=learner_id, points_earned=points, reason=reason, author_id=author_id, created_at=now
    )


def is_fit(points: Decimal, possible: Decimal) -> bool:
    """Return whether points are from 0 to `possible` and a multiple of 0.01."""
    return points.is_finite() and 0 <= points <= possible and points == points.quantize(HUNDREDTH)


def current_override(*, activity: str, learner_id: int) -> Override | None:
    """Return the newest override, or None without one or if it withdraws an earlier one."""
    rows = Override.objects.filter(item__activity=activity, learner_id=learner_id).select_related("author")
    newest = rows.order_by("-pk").first()
    return newest if newest is not None and newest.points_earned is not None else None
