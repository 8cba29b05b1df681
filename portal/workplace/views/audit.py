"""The audit: who did what in the course, when and why."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from people.rules.spreadsheets import as_csv
from portal.workplace.audit_names import audit_rows, audit_table, with_names
from portal.workplace.forms import AuditAsked
from records.selectors import AuditSearch, audit_actions, audit_entries

if TYPE_CHECKING:
    from course.models import Course
    from records.models import AuditEntry

ROWS = 50
ASKS = {"action", "actor", "words", "since", "until"}
# The last day of the calendar has no next day, and some zones skip midnight.
FIRST, LAST = date(2000, 1, 1), date(9000, 1, 1)


@require_safe
@needs(Permission.SEE_AUDIT, asks={*ASKS, "page"})
def audit(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the entries that the filter finds; with an invalid filter, show what is wrong and no entries."""
    form = audit_form(request, course)
    if form.is_valid():
        entries = page_of_rows(request, audit_entries(course.pk, filtered_entries(course, form)), ROWS)
    else:
        entries = Paginator([], ROWS).page(1)
    return show_audit(request, course, form, entries)


def show_audit(request: HttpRequest, course: "Course", form: AuditAsked, entries: "Page[AuditEntry]") -> HttpResponse:
    return workplace_page(
        request,
        course,
        "workplace/audit.html",
        section="audit",
        title=_("Audit"),
        status=400 if form.errors else 200,
        form=form,
        rows=entries,
        lines=audit_rows(course, list(entries)),
        has_entries=len(form.fields["action"].choices) > 1,
    )


@require_safe
@needs(Permission.SEE_AUDIT, asks=ASKS)
def audit_csv(request: HttpRequest, course: "Course") -> HttpResponseBase:
    """Send every entry that the filter finds as CSV, line by line."""
    form = audit_form(request, course)
    if not form.is_valid():
        return show_audit(request, course, form, Paginator([], ROWS).page(1))
    rows = audit_table(course, filtered_entries(course, form), get_current_timezone())
    answer = StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{course.slug}.csv"'
    return answer


def audit_form(request: HttpRequest, course: "Course") -> AuditAsked:
    return AuditAsked(request.GET, actions=audit_actions(course.pk))


def filtered_entries(course: "Course", form: AuditAsked) -> AuditSearch:
    """Return the form's filter. Its days are in the reader's zone; both the first and the last day are included."""
    asked = form.cleaned_data
    until = asked["until"] and min(max(asked["until"], FIRST), LAST) + timedelta(days=1)
    since = asked["since"] and min(max(asked["since"], FIRST), LAST)
    written = AuditSearch(asked["action"], asked["actor"], asked["words"], since=midnight(since), until=midnight(until))
    return with_names(course.pk, written)


def midnight(day: date | None) -> datetime | None:
    """Return the start of the day in the reader's zone."""
    return make_aware(datetime.combine(day, time())) if day else None
