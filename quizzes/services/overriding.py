"""Points that an instructor gives a learner in an assessment, and exemptions; both can be withdrawn (D18, D31)."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from grading.services import OverrideOrder, carry_out
from quizzes.models import Assessment
from quizzes.refusals import Refusal
from quizzes.services.scoring import rescore_activity

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from grading.models import Override


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
    return override_assessment(OverrideOrder(course, assessment_id, learner_id, points, reason, author, now))


def undo_override(
    *, course: "Course", assessment_id: str, learner_id: int, reason: str, author: "User", now: datetime
) -> "Override":
    """Make the earned points count again, by a further record. Raises Refusal not_found, nothing_to_undo, reason_missing."""
    return override_assessment(OverrideOrder(course, assessment_id, learner_id, None, reason, author, now))


def exempt_learner(
    *, course: "Course", assessment_id: str, learner_id: int, reason: str, author: "User", now: datetime
) -> "Override":
    """Let the assessment not count for the learner, whatever they answer. Return the record in force.

    `undo_override` withdraws the exemption. Raises Refusal not_found, nothing_left, reason_missing.
    """
    order = OverrideOrder(course, assessment_id, learner_id, None, reason, author, now, is_exempt=True)
    return override_assessment(order)


@transaction.atomic
def override_assessment(order: OverrideOrder) -> "Override":
    """Carry out an override, an exemption, or what withdraws them. Return the record in force.

    Raises Refusal not_found, points_invalid, nothing_to_undo, nothing_left, reason_missing.
    """
    assessment = Assessment.objects.filter(pk=order.activity, course=order.course).first()
    if assessment is None:
        raise Refusal("not_found")
    return carry_out(
        order,
        follow=lambda action: rescore_activity(assessment=assessment, learner_id=order.learner_id, action=action),
    )
