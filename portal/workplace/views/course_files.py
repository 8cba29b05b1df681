"""Figures, data and programs of a course: upload, replace and remove them."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.roles import Permission
from portal.authoring.folder import Mistake
from portal.authoring.services import change_files, stored_files
from portal.workplace.forms.files import FilesForm
from portal.workplace.gate import needs, workplace_page
from portal.workplace.views.outcome_messages import attempted, tell

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def course_files(request: HttpRequest, course: "Course") -> HttpResponse:
    """List the files of the course that have no page. A POST adds, replaces and removes some of them, or does nothing."""
    rows = stored_files(course_id=course.pk)
    form = FilesForm(request.POST or None, request.FILES or None, folders=[row.path.rpartition("/")[0] for row in rows])
    mistakes: tuple[Mistake, ...] = ()
    if form.is_bound and form.is_valid():
        changed = attempted(form, lambda: changed_by(request, course, form))
        if changed == ():
            tell(request, _("The files are published. Loading the course folder no longer changes them."))
            return redirect("course_files", course.slug)
        mistakes = changed or ()
    return workplace_page(
        request,
        course,
        "course_files",
        section="texts",
        title=_("Figures, data and programs"),
        status=400 if form.errors or mistakes else 200,
        rows=rows,
        chosen=request.POST.getlist("removed"),
        form=form,
        mistakes=mistakes,
    )


def changed_by(request: HttpRequest, course: "Course", form: FilesForm) -> tuple[Mistake, ...]:
    return change_files(
        course=course,
        folder=form.cleaned_data["folder"],
        added={each.name: each.read() for each in form.cleaned_data["files"]},
        removed=request.POST.getlist("removed"),
        author=request.user,
        reason=form.cleaned_data["reason"],
        now=request.now,
    )
