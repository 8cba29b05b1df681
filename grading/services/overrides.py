"""Points that an instructor gives in place of the earned ones (D18), and exemptions (D31). Another record withdraws them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from foundation.reasons import commented, stated
from grading.models import GradeItem, Override
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.rules.causes import Cause
from grading.rules.course_grade import is_nothing_left
from grading.selectors.rows import ledger
from grading.services.scores import GradeAction
from people.access import known_learner
from people.services import lock_enrollment
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class OverrideOrder:
    """An instructor's order: these points for this learner in this activity, or the earned points again for None.

    `is_exempt`: the activity does not count for the learner. `decides` is False if more orders for the learner follow,
    after which the caller decides about the certificate.
    """

    course: "Course"
    activity: str
    learner_id: int
    points: Decimal | None
    reason: str
    author: "User"
    now: datetime
    is_exempt: bool = False
    decides: bool = True


def carry_out(order: OverrideOrder, *, follow: Callable[[GradeAction], object], is_column: bool = False) -> Override:
    """Store the override, let `follow` record the score that follows, and record it in the audit. Return the record in force.

    `is_column`: there are no earned points, and the reason is a comment, which may be missing, except for an exemption.
    Call it in a transaction. Giving the same points again returns the same record, in a column only with the same comment.
    Raises Refusal not_found, points_invalid, nothing_to_undo, nothing_left, reason_missing, reason_unfit.
    """
    is_comment, course = is_column and not order.is_exempt, order.course
    reason = commented(order.reason) if is_comment else stated(order.reason)
    known_learner(lock_enrollment(learner_id=order.learner_id, course_id=course.pk))
    stands = current_override(activity=order.activity, learner_id=order.learner_id)
    is_undo = order.points is None and not order.is_exempt
    if stands is None and is_undo:
        raise Refusal("nothing_to_undo")
    if stands is not None and says_already(stands, order) and (stands.reason == reason or not is_comment):
        return stands
    row = write_override(
        activity=order.activity,
        learner_id=order.learner_id,
        course_id=course.pk,
        points=order.points,
        reason=reason,
        author_id=order.author.pk,
        now=order.now,
        is_exempt=order.is_exempt,
    )
    if order.is_exempt and is_nothing_left(ledger(order.learner_id, course.pk)):
        raise Refusal("nothing_left")
    cause = cause_of(order, stands, is_column=is_column)
    follow(GradeAction(cause, order.now, order.author.pk, reason, decides=order.decides))
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


def says_already(stands: Override, order: OverrideOrder) -> bool:
    """Return whether the record in force says what is ordered."""
    return (stands.points_earned, bool(stands.is_exempt)) == (order.points, order.is_exempt)


def cause_of(order: OverrideOrder, stands: Override | None, *, is_column: bool) -> Cause:
    """Return why the score changes: what is ordered, or what is undone."""
    if order.is_exempt:
        return Cause.EXEMPTION
    if order.points is not None:
        return Cause.POINTS_GIVEN if is_column else Cause.OVERRIDE
    if stands is not None and stands.is_exempt:
        return Cause.EXEMPTION_UNDONE
    return Cause.POINTS_REMOVED if is_column else Cause.OVERRIDE_UNDONE


def write_override(
    *,
    activity: str,
    learner_id: int,
    course_id: int,
    points: Decimal | None,
    reason: str,
    author_id: int,
    now: datetime,
    is_exempt: bool = False,
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
        item=item,
        learner_id=learner_id,
        points_earned=points,
        is_exempt=is_exempt or None,
        reason=reason,
        author_id=author_id,
        created_at=now,
    )


def is_fit(points: Decimal, possible: Decimal) -> bool:
    """Return whether points are from 0 to `possible` and a multiple of 0.01."""
    return points.is_finite() and 0 <= points <= possible and points == points.quantize(HUNDREDTH)


def current_override(*, activity: str, learner_id: int) -> Override | None:
    """Return the newest override, or None without one or if it withdraws an earlier one."""
    rows = Override.objects.filter(item__activity=activity, learner_id=learner_id).select_related("author")
    newest = rows.order_by("-pk").first()
    applies = newest is not None and (newest.points_earned is not None or newest.is_exempt)
    return newest if applies else None
