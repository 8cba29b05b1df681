"""A learner's dates as a calendar feed, and the page's forms for its secret address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.access import courses_taken
from portal.calendars.selectors import owner_of_calendar
from portal.calendars.services import remove_calendar, renew_calendar
from portal.pages.rules.icalendar import CalendarEvent, write_calendar
from portal.pages.selectors import DatedEntry, dates_in

KIND = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return the dates of the courses that the owner of this address takes. The token is the only key."""
    owner = owner_of_calendar(token)
    taken = courses_taken(owner)
    events = [
        calendar_event(request, dated, course.title) for course in taken for dated in dates_in(course.pk, owner.pk)
    ]
    text = write_calendar(name=_("Course dates"), events=events, now=request.now)
    return HttpResponse(text, content_type=KIND, headers={"Cache-Control": "private, no-cache"})


def calendar_event(request: HttpRequest, dated: DatedEntry, course: str) -> CalendarEvent:
    words = {"opens": _("Opens: %(title)s"), "due": _("Due: %(title)s"), "closes": _("Closes: %(title)s")}
    return CalendarEvent(
        uid=f"{dated.entry.id}-{dated.what}@{request.get_host().partition(':')[0]}",
        at=dated.at,
        summary=f"{words[dated.what] % {'title': dated.title}} ({course})",
        url=request.build_absolute_uri(dated.entry.url),
    )


@require_POST
@login_required
def new_calendar_address(request: HttpRequest) -> HttpResponse:
    """Create the address of one's calendar, or replace it."""
    renew_calendar(user=request.user, now=request.now)
    messages.success(request, _("Your calendar has a new address. An older address no longer works."))
    return redirect("settings")


@require_POST
@login_required
def no_calendar_address(request: HttpRequest) -> HttpResponse:
    remove_calendar(user=request.user)
    messages.success(request, _("The address was removed. Calendars that used it get no more dates."))
    return redirect("settings")
