"""Copy the course to a new term. A preview shows what the copy has, and its dates."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.dates import CopyForm
from authoring.services import CopyPlan, copy_course, plan_copy
from foundation.frame.outcomes import attempted, tell
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY, asks={"title", "slug", "days"}, in_archive=True)
def course_copy(request: HttpRequest, course: "Course") -> HttpResponse:
    """Preview a copy with `title`, `slug` and `days` in the address. A POST of the same fields makes it."""
    form = CopyForm(request.POST or (request.GET if "slug" in request.GET else None), initial={"days": 0})
    plan = planned(form, course) if form.is_bound and form.is_valid() else None
    if request.method == "POST" and plan is not None and not plan.mistakes:
        made = attempted(form, lambda: copy_course(plan=plan, source=course, author=request.user, now=request.now))
        if made is not None:
            tell(request, _("The copy is ready and hidden. Only you see it, until you choose who else does."))
            return redirect("dashboard", made.slug)
    return workplace_page(
        request,
        course,
        "authoring/course_copy.html",
        section="settings",
        title=_("Copy the course"),
        status=400 if form.errors or (plan is not None and plan.mistakes) else 200,
        form=form,
        plan=None if form.errors else plan,
    )


def planned(form: CopyForm, course: "Course") -> CopyPlan | None:
    return attempted(form, lambda: plan_copy(course=course, **form.cleaned_data))
