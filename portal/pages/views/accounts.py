"""The page of a person's settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from grading.services.certificate_names import courses_with_fixed_name
from mail.selectors import address_for, listings_of, mail_wanted
from people.access import enrollments_seen
from portal.calendars.selectors import calendar_of
from portal.goals.services import change_person
from portal.pages.forms import PersonForm


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = PersonForm(request.POST or None, initial={"name": user.name, "timezone": user.timezone})
    if request.method == "POST" and form.is_valid():
        change_person(user=user, **form.cleaned_data, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("settings")
    feed = calendar_of(user)
    address = request.build_absolute_uri(reverse("calendar", args=[feed.token])) if feed else ""
    enrollments = enrollments_seen(user)
    context = {"section": "settings", "form": form, "enrollments": enrollments, "calendar": address}
    mail_address = address_for(user)
    listings = [] if mail_address else listings_of(user)
    context |= {"mail": mail_wanted(user), "mail_address": mail_address, "listings": listings}
    context["fixed_names"] = courses_with_fixed_name(
        user.pk, [enrollment.course_id for enrollment in enrollments], now=request.now
    )
    return render(request, "portal/settings.html", context)
