"""A learner's standing time multiplier (D15): for sittings started later, never for one that runs."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from course.models import Accommodation, Course, Enrollment, User
from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services.audit import record_audit

LEAST, MOST, STEP = Decimal(1), Decimal(10), Decimal("0.01")


@transaction.atomic
def set_accommodation(
    *, course: Course, learner_id: int, multiplier: Decimal, reason: str, author: User, now: datetime
) -> Accommodation:
    """Give a learner of the course `multiplier` times the exam's limit, from 1 to 10; 1 takes an earlier one back.

    The newest record counts, so giving the earlier one again undoes it. What is in force already is not written
    twice. Raises Refusal not_found, multiplier_invalid, reason_missing.
    """
    reason = stated(reason)
    if not (multiplier.is_finite() and LEAST <= multiplier <= MOST and multiplier == multiplier.quantize(STEP)):
        raise Refusal("multiplier_invalid")
    enrollment = _locked(course, learner_id)
    newest = enrollment.accommodations.order_by("-pk").first()
    if newest is not None and newest.multiplier == multiplier:
        return newest
    row = Accommodation.objects.create(
        enrollment=enrollment, multiplier=multiplier, reason=reason, author=author, created_at=now
    )
    before = newest.multiplier if newest else LEAST
    record_audit(
        actor=author,
        action="set_accommodation",
        now=now,
        course=course,
        target=f"user:{learner_id}",
        reason=reason,
        details={"before": str(before), "after": str(multiplier)},
    )
    return row


def _locked(course: Course, learner_id: int) -> Enrollment:
    rows = Enrollment.objects.select_for_update(no_key=True)
    found = rows.filter(course=course, user_id=learner_id, role=Enrollment.Role.LEARNER).first()
    if found is None:
        raise Refusal("not_found")
    return found
