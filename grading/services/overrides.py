"""Points that an instructor gives in place of the earned ones. Another record withdraws them (D18)."""

from datetime import datetime
from decimal import Decimal

from grading.models import GradeItem, Override
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text

HUNDREDTH = Decimal("0.01")


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
