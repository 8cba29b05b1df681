"""The later dates that instructors gave to learners (D22)."""

from datetime import datetime

from django.db.models import QuerySet

from course.rules.schedule import UNDATED, Dates
from people.models import DateExtension, DateExtensionNote


def extended_dates(learner_id: int, course_id: int) -> dict[str, Dates]:
    """Return the dates that a learner has instead of everyone's, by activity. Runs one query."""
    rows = DateExtension.objects.filter(enrollment__user=learner_id, enrollment__course=course_id).order_by("pk")
    return {activity: Dates(None, *dates) for activity, *dates in rows.values_list("activity", "due_at", "closes_at")}


def latest_closing(course_id: int, activity: str) -> datetime | None:
    """Return the latest closing time in force that an instructor gave to a learner of this activity. Runs one query."""
    rows = DateExtension.objects.filter(enrollment__course=course_id, activity=activity).order_by("pk")
    newest = dict(rows.values_list("enrollment", "closes_at"))
    return max(filter(None, newest.values()), default=None)


def own_due_dates(course_id: int, activity: str) -> dict[int, datetime | None]:
    """Return the due date in force that an instructor gave to each learner of this activity. Runs one query."""
    rows = DateExtension.objects.filter(enrollment__course=course_id, activity=activity).order_by("pk")
    return dict(rows.values_list("enrollment__user", "due_at"))


def dates_for(common: Dates, *, activity: str, learner_id: int | None, course_id: int) -> Dates:
    """Return the dates of an activity in force for a learner. Runs one query if it is due or closes, else none."""
    if learner_id is None or (common.due_at is None and common.closes_at is None):
        return common
    return common.extended(extended_dates(learner_id, course_id).get(activity, UNDATED))


def date_extensions_of(learner_id: int, course_id: int) -> QuerySet[DateExtension]:
    """Return the records of a learner's later dates, newest first, without notes."""
    rows = DateExtension.objects.filter(enrollment__user=learner_id, enrollment__course=course_id)
    return rows.select_related("author").order_by("-pk")


def date_extension_notes(learner_id: int, course_id: int, written_by: int | None) -> dict[int, str]:
    """Return the private notes that still exist, by record: those of one author, or with None all.

    Only the page that manages them may use this.
    """
    rows = DateExtensionNote.objects.filter(extension__enrollment__user=learner_id)
    if written_by is not None:
        rows = rows.filter(extension__author=written_by)
    return dict(rows.filter(extension__enrollment__course=course_id).values_list("extension_id", "text"))
