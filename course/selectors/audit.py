from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from course.models import AuditEntry


@dataclass(frozen=True)
class AuditSearch:
    """What to look for in a course's audit; empty parts ask for nothing. `since` counts, `until` no longer does."""

    action: str = ""
    actor: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_entries(course_id: int, search: AuditSearch) -> QuerySet[AuditEntry]:
    """The newest first, with who did it."""
    rows = AuditEntry.objects.filter(course_id=course_id).select_related("actor").order_by("-at", "-pk")
    if search.action:
        rows = rows.filter(action=search.action)
    if search.actor:
        rows = rows.filter(Q(actor__username__icontains=search.actor) | Q(actor__name__icontains=search.actor))
    if search.words:
        rows = rows.filter(Q(reason__icontains=search.words) | Q(target__icontains=search.words))
    if search.since:
        rows = rows.filter(at__gte=search.since)
    return rows.filter(at__lt=search.until) if search.until else rows


def audit_actions(course_id: int) -> list[str]:
    """The kinds of action that happened in the course."""
    rows = AuditEntry.objects.filter(course_id=course_id).order_by("action")
    return list(rows.values_list("action", flat=True).distinct())
