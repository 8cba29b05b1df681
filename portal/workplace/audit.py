"""Who did what in the course, when and why."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from course.selectors import AuditSearch, audit_actions, audit_entries
from portal.workplace.gate import for_instructors, page

ROWS = 50
# Beyond the calendar's ends there is no next day, and no midnight in some zone.
FIRST, LAST = date(2000, 1, 1), date(9000, 1, 1)


@require_safe
@for_instructors
def audit(request: HttpRequest, course: Any) -> HttpResponse:
    found = audit_entries(course.pk, search_in(request.GET))
    return page(
        request,
        course,
        "audit",
        section="audit",
        title="Audit",
        actions=audit_actions(course.pk),
        rows=Paginator(found, ROWS).get_page(request.GET.get("page")),
        asked={name: request.GET.get(name, "") for name in ("action", "actor", "words", "since", "until")},
    )


def search_in(asked: Any) -> AuditSearch:
    """The form's fields; a date that cannot be read asks for nothing, `until` is the last day that counts."""
    until = day_of(asked.get("until", ""))
    return AuditSearch(
        action=asked.get("action", ""),
        actor=asked.get("actor", "").strip(),
        words=asked.get("words", "").strip(),
        since=midnight(day_of(asked.get("since", ""))),
        until=midnight(until + timedelta(days=1)) if until else None,
    )


def day_of(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return min(max(day, FIRST), LAST) if day else None


def midnight(day: date | None) -> datetime | None:
    """The day's beginning in the reader's zone."""
    return make_aware(datetime.combine(day, time())) if day else None
