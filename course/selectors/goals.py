"""Weekly goals of learners, and whose reminder is due."""

from datetime import datetime

from course.models import StudyGoal
from course.rules.reading import Visit
from course.selectors.published import TEXT, visits_of_reader
from course.selectors.snapshots import published


def visits_in(course_id: int, user_id: int) -> dict[str, Visit]:
    """Return a reader's visits by lesson, of the lessons that the course has now."""
    visits = visits_of_reader(user_id)
    return {each.pk: visits[each.pk] for each in published(course_id)[TEXT].in_outline if each.pk in visits}


def due_reminders(now: datetime, most: int) -> list[StudyGoal]:
    """Return the goals whose reminder is due, the oldest first, with person and course. Runs one query."""
    rows = StudyGoal.objects.filter(reminds_at__lte=now).select_related("user", "course")
    return list(rows.order_by("reminds_at", "pk")[:most])


def has_reminder_due(now: datetime) -> bool:
    """Return whether a reminder is due."""
    return StudyGoal.objects.filter(reminds_at__lte=now).exists()
