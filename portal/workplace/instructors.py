"""Who teaches the course: its instructors see it, superusers change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.refusals import Refusal
from course.selectors import instructors_of
from course.services import appoint_instructor, dismiss_instructor
from portal.forms.workplace import Account
from portal.workplace.acting import attempted, tell
from portal.workplace.gate import for_instructors, page


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def instructors(request: HttpRequest, course: Any) -> HttpResponse:
    """The list; a POST appoints, or with `do=dismiss` dismisses."""
    if request.method == "POST" and not request.user.is_superuser:
        raise Refusal("not_permitted")
    form = Account(request.POST or None)
    service = dismiss_instructor if request.POST.get("do") == "dismiss" else appoint_instructor
    if form.is_bound and form.is_valid():
        said = {"course": course, "author": request.user, "now": request.now, **form.cleaned_data}
        attempted(form, lambda: service(**said))
        if not form.errors:
            tell(request, _("Written, with your reason."))
            return redirect("instructors", course.slug)
    return page(
        request,
        course,
        "instructors",
        section="dashboard",
        title=_("Instructors"),
        status=400 if form.is_bound else 200,
        rows=instructors_of(course.pk),
        form=form,
    )
