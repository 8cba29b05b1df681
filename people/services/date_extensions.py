"""Later dates for one learner (D22): an instructor extends the time in which an activity accepts work."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.schedule import Dates
from foundation.reasons import stated
from mail.services.notices import notify
from people.access import known_learner
from people.models import DateExtension, DateExtensionNote
from people.refusals import Refusal
from people.services.enrollment import lock_enrollment
from records.services import record_audit


@transaction.atomic
def extend_dates(
    *,
    course: Course,
    learner_id: int,
    activity: str,
    common: Dates,
    due_at: datetime | None,
    closes_at: datetime | None,
    reason: str,
    author: User,
    now: datetime,
) -> DateExtension:
    """Give a learner later dates in an activity; without any, the `common` dates of everyone apply to them again.

    The newest record applies. A running exam with a time limit keeps its deadline: add minutes instead. The reason becomes a private
    note; the audit records the dates without it. Raises Refusal not_found, date_not_later, nothing_to_undo,
    reason_missing.
    """
    reason = stated(reason)
    for own, everyone in ((due_at, common.due_at), (closes_at, common.closes_at)):
        if own is not None and (everyone is None or own <= everyone):
            raise Refusal("date_not_later")
    enrollment = known_learner(lock_enrollment(learner_id=learner_id, course_id=course.pk))
    newest = DateExtension.objects.filter(enrollment=enrollment, activity=activity).order_by("-pk").first()
    if due_at is None and closes_at is None and (newest is None or newest.due_at is newest.closes_at is None):
        raise Refusal("nothing_to_undo")
    given = {"due_at": due_at, "closes_at": closes_at}
    row = DateExtension.objects.create(enrollment=enrollment, activity=activity, **given, author=author, created_at=now)
    DateExtensionNote.objects.create(extension=row, text=reason)
    notify(what="dates", key=str(row.pk), course_id=course.pk, user_ids=[learner_id], now=now)
    record_audit(
        actor=author,
        action="extend_dates",
        now=now,
        course=course,
        target=f"user:{learner_id}",
        details={"activity": activity, **{name: at and at.isoformat() for name, at in given.items()}},
    )
    return row


@transaction.atomic
def remove_extension_note(
    *, course: Course, learner_id: int, extension_id: int, author: User, now: datetime, written_by: int | None = None
) -> None:
    """Delete the private note of a learner's later dates permanently; the dates stay.

    With `written_by`, deletes only a note that this person wrote. Raises Refusal not_found if no note matches.
    """
    rows = DateExtensionNote.objects.filter(extension_id=extension_id)
    if written_by is not None:
        rows = rows.filter(extension__author=written_by)
    removed, _ = rows.filter(extension__enrollment__course=course, extension__enrollment__user_id=learner_id).delete()
    if not removed:
        raise Refusal("not_found")
    record_audit(actor=author, action="remove_date_note", now=now, course=course, target=f"user:{learner_id}")
