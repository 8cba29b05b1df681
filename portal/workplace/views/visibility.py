"""Who sees the course. A change is shown with what it does before it is made."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.roles import Permission
from course.selectors import learners_in
from portal.workplace.forms import VisibilityForm
from portal.workplace.gate import needs, workplace_page
from portal.workplace.views.outcome_messages import attempted, tell
from quizzes.services import set_visibility

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS)
def visibility(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show who sees the course. A POST shows what a choice does, and one with `confirmed` makes it."""
    form = VisibilityForm(request.POST or None, initial={"visibility": course.visibility})
    chosen = form.cleaned_data["visibility"] if form.is_bound and form.is_valid() else ""
    if chosen and "confirmed" in request.POST:
        attempted(form, lambda: set_visibility(course=course, visibility=chosen, author=request.user, now=request.now))
        if not form.errors:
            tell(request, _("Saved. This page can change it back."))
            return redirect("visibility", course.slug)
    return workplace_page(
        request,
        course,
        "visibility",
        section="class",
        title=_("Who sees the course"),
        status=400 if form.errors else 200,
        form=form,
        chosen="" if form.errors or chosen == course.visibility else chosen,
        learners=learners_in(course.pk).count(),
    )
