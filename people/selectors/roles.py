"""Who got or lost which role in a course, from the audit."""

from django.db.models import QuerySet

from people.rules.roles import ROLES
from records.models import AuditEntry

ACTIONS = [f"{change}_{role}" for change in ("appoint", "dismiss") for role in ROLES]


def role_changes(course_id: int) -> QuerySet[AuditEntry]:
    """Return the appointments and dismissals in a course, newest first, with the accounts of those who made them."""
    rows = AuditEntry.objects.filter(course_id=course_id, action__in=ACTIONS)
    return rows.select_related("actor").order_by("-pk")
