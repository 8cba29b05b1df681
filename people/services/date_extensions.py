"""Dates for one learner (D22, D39): an instructor extends the time in which an activity accepts work, or moves it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.own_dates import NOTHING_OWN, OwnDates, contradictions, in_force
from course.rules.schedule import UNDATED, Dates
from foundation.reasons import stated
from mail.services.notices import notify
from people.access import known_learner
from people.models import DateExtension, DateExtensionNote
from people.refusals import Refusal
from people.selectors import own_dates
from people.services.enrollment import lock_enrollment
from people.services.group_dates import mark_varying, refuse_contradictions
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
    opens_at: datetime | None = None,
    is_exact: bool = False,
) -> DateExtension:
    """Give a learner later dates in an activity; without any, the `common` dates of everyone apply to them again.

    Exact dates count as they are, also earlier ones, and may open the activity at another time. The newest record
    applies. A running exam with a time limit keeps its deadline: add minutes instead. The reason becomes a private note; the
    audit records the dates without it.

    Raises Refusal not_found, date_not_later, dates_contradict, nothing_to_undo, reason_missing.
    """
    reason = stated(reason)
    given = Dates(opens_at, due_at, closes_at)
    enrollment = known_learner(lock_enrollment(learner_id=learner_id, course_id=course.pk))
    groups = own_dates(learner_id, course.pk).get(activity, NOTHING_OWN).groups
    if not is_exact:
        refuse_earlier(in_force(common, OwnDates(groups=groups)), given)
    refuse_own_contradictions(course, common, OwnDates(given, is_exact=is_exact, groups=groups))
    newest = DateExtension.objects.filter(enrollment=enrollment, activity=activity).order_by("-pk").first()
    if given == UNDATED and (newest is None or newest.dates == UNDATED):
        raise Refusal("nothing_to_undo")
    order = {"enrollment": enrollment, "activity": activity, "author": author, "created_at": now}
    row = DateExtension.objects.create(**order, **given.named, is_exact=is_exact or None)
    if is_exact:
        mark_varying(course, [activity])
    DateExtensionNote.objects.create(extension=row, text=reason)
    notify(what="dates", key=str(row.pk), course_id=course.pk, user_ids=[learner_id], now=now)
    record_audit(
        actor=author,
        action="extend_dates",
        now=now,
        course=course,
        target=f"user:{learner_id}",
        details=details_of(activity, given, is_exact=is_exact),
    )
    return row


def refuse_own_contradictions(course: Course, common: Dates, own: OwnDates) -> None:
    """Refuse a learner's dates that contradict each other, everyone's or a group's. Raises Refusal dates_contradict.

    An extension may be due after everyone's closing, as the course's own dates may not.
    """
    pairs = [pair for pair in contradictions(common, own) if "learner" in (pair.before.source, pair.after.source)]
    if not own.is_exact:
        pairs = [pair for pair in pairs if "group" in (pair.before.source, pair.after.source)]
    refuse_contradictions(course, pairs)


def refuse_earlier(common: Dates, given: Dates) -> None:
    """Refuse dates that extend nothing. Raises Refusal date_not_later."""
    if given.opens_at is not None:
        raise Refusal("date_not_later")
    for own, everyone in ((given.due_at, common.due_at), (given.closes_at, common.closes_at)):
        if own is not None and (everyone is None or own <= everyone):
            raise Refusal("date_not_later")


def details_of(activity: str, given: Dates, *, is_exact: bool) -> dict[str, object]:
    """Return what the audit records of dates. An opening and exactness are named only where they were given."""
    texts = {name: at and at.isoformat() for name, at in given.named.items() if name != "opens_at" or at is not None}
    return {"activity": activity, **texts, **({"is_exact": True} if is_exact else {})}


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
