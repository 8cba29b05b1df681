"""Who got or lost which role in a course, from the audit, and the groups to which roles are limited."""

from django.db.models import QuerySet

from people.models import Enrollment, RoleLimit
from people.rules.roles import ROLES
from records.models import AuditEntry

ACTIONS = [f"{change}_{role}" for change in ("appoint", "dismiss") for role in ROLES]


def role_changes(course_id: int) -> QuerySet[AuditEntry]:
    """Return the appointments and dismissals in a course, newest first, with the accounts of those who made them."""
    rows = AuditEntry.objects.filter(course_id=course_id, action__in=ACTIONS)
    return rows.select_related("actor").order_by("-pk")


def limit_of(enrollment: Enrollment) -> list[str] | None:
    """Return the names of the groups to which a role is limited, sorted, or None if it is not. Runs one query, and one
    more with a limit.
    """
    limit = RoleLimit.objects.filter(enrollment=enrollment.pk).first()
    return None if limit is None else sorted(limit.groups.order_by().values_list("name", flat=True))


def limits_in(course_id: int) -> dict[int, list[str]]:
    """Return the names of the groups of every limited role in a course, by enrollment. Runs one query."""
    rows = RoleLimit.objects.filter(enrollment__course=course_id).order_by("groups__name")
    limits: dict[int, list[str]] = {}
    for enrollment_id, name in rows.values_list("enrollment", "groups__name"):
        limits.setdefault(enrollment_id, []).extend([name] if name else [])
    return limits
