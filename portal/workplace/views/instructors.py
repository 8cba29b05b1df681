"""The course's instructors. Instructors see the list; superusers change it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.access import refuse_to_appoint
from course.selectors import instructors_of
from course.services import appoint_instructor, dismiss_instructor
from portal.workplace.forms import AccountForm
from portal.workplace.gate import for_instructors, workplace_page
from portal.workplace.views.outcome_messages import attempted, tell

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def instructors(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the list. A POST appoints or, with `do=dismiss`, dismisses."""
    if request.method == "POST":
        refuse_to_appoint(request.user)
    form = AccountForm(request.POST or None)
    service = dismiss_instructor if request.POST.get("do") == "dismiss" else appoint_instructor
    if form.is_bound and form.is_valid():
        said = {"course": course, "author": request.user, "now": request.now, **form.cleaned_data}
        attempted(form, lambda: service(**said))
        if not form.errors:
            tell(request, _("Saved with your reason."))
            return redirect("instructors", course.slug)
    return workplace_page(
        request,
        course,
        "instructors",
        section="dashboard",
        title=_("Instructors"),
        status=400 if form.is_bound else 200,
        rows=instructors_of(course.pk),
        form=form,
    )
