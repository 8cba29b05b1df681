"""Who sees a course, and whether it is archived."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.visibility import VISIBILITIES
from records.services import record_audit


@transaction.atomic
def write_visibility(*, course: Course, visibility: str, author: User, now: datetime) -> Course:
    """Store who sees the course from now on. Setting it again is harmless. Raises ValueError for an unknown visibility."""
    if visibility not in VISIBILITIES:
        raise ValueError(visibility)
    row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    if row.visibility == visibility:
        return row
    before, row.visibility = row.visibility, visibility
    row.save(update_fields=["visibility"])
    record_audit(
        actor=author,
        action="set_visibility",
        now=now,
        course=row,
        target=f"course:{row.slug}",
        details={"before": before, "after": visibility},
    )
    return row


@transaction.atomic
def write_archived(*, course: Course, is_archived: bool, author: User, now: datetime) -> Course:
    """Store whether the course is archived from now on. Archiving it again is harmless and keeps the first instant."""
    row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    if (row.archived_at is not None) is is_archived:
        return row
    row.archived_at = now if is_archived else None
    row.save(update_fields=["archived_at"])
    action = "archive_course" if is_archived else "reopen_course"
    record_audit(actor=author, action=action, now=now, course=row, target=f"course:{row.slug}")
    return row
