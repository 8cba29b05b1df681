from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from records.models import AuditEntry


@dataclass(frozen=True)
class AuditSearch:
    """A search in a course's audit. Empty fields match everything. `since` is inclusive, `until` exclusive.

    `words` are searched in reasons and targets. `targets` are targets ("kind:id") whose names match the words, and
    `activities` are the assessments and labs with such names, which details may mention by id.
    """

    action: str = ""
    actor: str = ""
    words: str = ""
    targets: Collection[QuerySet[Any] | Collection[str]] = field(default=())
    activities: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def audit_entries(course_id: int, search: AuditSearch) -> QuerySet[AuditEntry]:
    """Return the entries, newest first, with the person who acted."""
    rows = AuditEntry.objects.filter(course_id=course_id).select_related("actor").order_by("-at", "-pk")
    if search.action:
        rows = rows.filter(action=search.action)
    if search.actor:
        rows = rows.filter(Q(actor__username__icontains=search.actor) | Q(actor__name__icontains=search.actor))
    if search.words:
        matches = Q(reason__icontains=search.words) | Q(target__icontains=search.words)
        for targets in search.targets:
            matches |= Q(target__in=targets)
        if search.activities:
            matches |= Q(details__assessment__in=search.activities) | Q(details__lab__in=search.activities)
        rows = rows.filter(matches)
    if search.since:
        rows = rows.filter(at__gte=search.since)
    return rows.filter(at__lt=search.until) if search.until else rows


def entries_after(rows: QuerySet[AuditEntry], last: AuditEntry | None) -> QuerySet[AuditEntry]:
    """Return the entries that follow `last` in the order of `audit_entries`."""
    return rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk)) if last else rows


def newest_entries(course_id: int, action: str, most: int) -> list[AuditEntry]:
    """Return the last entries of one kind of action, newest first, each with the person who acted. Runs one query."""
    return list(audit_entries(course_id, AuditSearch(action=action))[:most])


def audit_actions(course_id: int) -> list[str]:
    """Return the kinds of action that the course's audit contains."""
    rows = AuditEntry.objects.filter(course_id=course_id).order_by("action")
    return list(rows.values_list("action", flat=True).distinct())


def as_targets(rows: QuerySet[Any], kind: str, key: str) -> QuerySet[Any]:
    """Return the rows as audit targets: "kind:" followed by the value of `key`."""
    target = Concat(Value(f"{kind}:"), Cast(key, CharField()), output_field=CharField())
    return rows.order_by().annotate(audit_target=target).values("audit_target")


def was_recorded(
    *, actor_id: int, course_id: int, action: str, target: str, since: datetime, **details: object
) -> bool:
    """Tell whether this person did this after `since`, with these details. Runs one query."""
    rows = AuditEntry.objects.filter(actor=actor_id, course=course_id, action=action, target=target, at__gt=since)
    return rows.filter(**{f"details__{name}": value for name, value in details.items()}).exists()
