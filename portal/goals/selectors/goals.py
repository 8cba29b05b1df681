"""Weekly goals of learners, and whose reminder is due."""

from datetime import datetime

from django.db.models import Q

from course.selectors.snapshots import row_of_reader, rows_seen
from foundation.fast.prepared import instances
from portal.goals.models import StudyGoal

GOAL_FIELDS = tuple(field.attname for field in StudyGoal._meta.concrete_fields)
MY_GOAL = row_of_reader("goal", "study_goals", lambda user_id: Q(course__study_goals__user_id=user_id), GOAL_FIELDS)


def goal_seen(user_id: int, course_id: int) -> StudyGoal | None:
    """Return this person's weekly goal in a course. Runs no query for the reader of a request that was pinned."""
    mine = rows_seen(MY_GOAL, user_id)
    if mine is None:
        return StudyGoal.objects.filter(user=user_id, course=course_id).first()
    rows = [mine[course_id]] if course_id in mine else []
    return next(iter(instances(StudyGoal, rows, GOAL_FIELDS)), None)


def due_reminders(now: datetime, most: int) -> list[StudyGoal]:
    """Return the goals whose reminder is due, the oldest first, with person and course. Runs one query."""
    rows = StudyGoal.objects.filter(reminds_at__lte=now).select_related("user", "course")
    return list(rows.order_by("reminds_at", "pk")[:most])


def has_reminder_due(now: datetime) -> bool:
    """Return whether a reminder is due."""
    return StudyGoal.objects.filter(reminds_at__lte=now).exists()
