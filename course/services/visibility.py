"""Who sees a course."""

from datetime import datetime

from django.db import transaction

from course.models import Course, User
from course.rules.visibility import VISIBILITIES
from course.services.audit import record_audit


@transaction.atomic
def write_visibility(*, course: Course, visibility: str, author: User, now: datetime) -> Course:
    """Store who sees the course from now on. Setting it again is harmless. Raises ValueError for an unknown visibility."""
    if visibility not in VISIBILITIES:
        raise ValueError(visibility)
    row = Course.objects.select_for_update().get(pk=course.pk)
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
