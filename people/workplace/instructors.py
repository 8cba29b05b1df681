"""Who has which role in the course. Instructors see the list; superusers change it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import attempted, tell
from people.forms import AccountForm
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import staff_of
from people.services import appoint_staff, dismiss_staff

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEE_STAFF, to_change=Permission.GIVE_ROLES, in_archive=True)
def instructors(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the list. A POST appoints or, with `do=dismiss`, dismisses."""
    form = AccountForm(request.POST or None)
    if form.is_bound and form.is_valid():
        arguments = {"course": course, "author": request.user, "now": request.now, **form.cleaned_data}
        role = arguments.pop("role")
        if request.POST.get("do") == "dismiss":
            attempted(form, lambda: dismiss_staff(**arguments))
        else:
            attempted(form, lambda: appoint_staff(role=role, **arguments))
        if not form.errors:
            tell(request, _("Saved with your reason."))
            return redirect("instructors", course.slug)
    return workplace_page(
        request,
        course,
        "people/workplace/instructors.html",
        section="dashboard",
        title=_("Roles"),
        status=400 if form.is_bound else 200,
        rows=staff_of(course.pk),
        form=form,
    )
