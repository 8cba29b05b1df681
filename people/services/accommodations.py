"""A learner's time multiplier (D15), which applies to sittings started later, never to a running one."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.reasons import stated
from mail.services.notices import notify
from people.access import known_learner
from people.models import Accommodation, AccommodationNote
from people.refusals import Refusal
from people.services.enrollment import lock_enrollment
from records.services import record_audit

LEAST, MOST, STEP = Decimal(1), Decimal(10), Decimal("0.01")


@transaction.atomic
def set_accommodation(
    *, course: Course, learner_id: int, multiplier: Decimal, reason: str, author: User, now: datetime
) -> Accommodation:
    """Give a learner of the course `multiplier` times the exam's limit, from 1 to 10. 1 ends an accommodation.

    The newest record applies, so setting the previous value undoes a change. A value that already applies is not stored
    again. The reason becomes a private note; the audit records the change without the reason. Raises Refusal not_found,
    multiplier_invalid, reason_missing.
    """
    reason = stated(reason)
    if not (multiplier.is_finite() and LEAST <= multiplier <= MOST and multiplier == multiplier.quantize(STEP)):
        raise Refusal("multiplier_invalid")
    enrollment = known_learner(lock_enrollment(learner_id=learner_id, course_id=course.pk))
    newest = enrollment.accommodations.order_by("-pk").first()
    if newest is not None and newest.multiplier == multiplier:
        return newest
    row = Accommodation.objects.create(enrollment=enrollment, multiplier=multiplier, author=author, created_at=now)
    AccommodationNote.objects.create(accommodation=row, text=reason)
    before = newest.multiplier if newest else LEAST
    notify(what="exam_time", key=str(row.pk), course_id=course.pk, user_ids=[learner_id], now=now)
    record_audit(
        actor=author,
        action="set_accommodation",
        now=now,
        course=course,
        target=f"user:{learner_id}",
        details={"before": str(before), "after": str(multiplier)},
    )
    return row


@transaction.atomic
def remove_note(
    *,
    course: Course,
    learner_id: int,
    accommodation_id: int,
    author: User,
    now: datetime,
    written_by: int | None = None,
) -> None:
    """Delete the private note of a learner's accommodation permanently; the accommodation stays.

    With `written_by`, only a note that this person wrote. Raises Refusal not_found if the accommodation has no such note.
    """
    rows = AccommodationNote.objects.filter(accommodation_id=accommodation_id)
    if written_by is not None:
        rows = rows.filter(accommodation__author=written_by)
    removed, _ = rows.filter(
        accommodation__enrollment__course=course, accommodation__enrollment__user_id=learner_id
    ).delete()
    if not removed:
        raise Refusal("not_found")
    record_audit(actor=author, action="remove_accommodation_note", now=now, course=course, target=f"user:{learner_id}")
