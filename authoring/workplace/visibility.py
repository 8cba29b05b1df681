"""Who sees the course, and whether it is archived. A change is shown with what it does before it is made."""

from typing import TYPE_CHECKING

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.access import VisibilityForm
from authoring.workplace.exposed_keys import exposed_exams
from foundation.frame.outcomes import attempted, tell
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import learners_in
from quizzes.services import archive_course, reopen_course, set_visibility

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS, in_archive=True)
def visibility(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show who sees the course. A POST shows what a choice does, and one with `confirmed` makes it.

    `do=archive` and `do=reopen` archive the course and reopen it in the same way.
    """
    if request.POST.get("do") in ("archive", "reopen"):
        return archiving(request, course, is_archived=request.POST["do"] == "archive")
    form = VisibilityForm(request.POST or None, initial={"visibility": course.visibility})
    chosen = form.cleaned_data["visibility"] if form.is_bound and form.is_valid() else ""
    if chosen and "confirmed" in request.POST:
        attempted(form, lambda: set_visibility(course=course, visibility=chosen, author=request.user, now=request.now))
        if not form.errors:
            tell(request, _("Saved. This page can change it back."))
            return redirect("visibility", course.slug)
    return visibility_page(request, course, form, chosen="" if form.errors or chosen == course.visibility else chosen)


def archiving(request: HttpRequest, course: "Course", *, is_archived: bool) -> HttpResponse:
    form = VisibilityForm(initial={"visibility": course.visibility})
    if "confirmed" not in request.POST:
        return visibility_page(request, course, form, chosen="archive" if is_archived else "reopen")
    bare = Form({})
    change = archive_course if is_archived else reopen_course
    attempted(bare, lambda: change(course=course, author=request.user, now=request.now))
    if bare.errors:
        return visibility_page(request, course, form, refused=bare.non_field_errors())
    tell(request, _("The course is archived. This page reopens it.") if is_archived else _("The course is open again."))
    return redirect("visibility", course.slug)


def visibility_page(
    request: HttpRequest, course: "Course", form: VisibilityForm, *, chosen: str = "", refused: object = ()
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "authoring/visibility.html",
        section="settings",
        title=_("Visibility and archive"),
        status=400 if form.errors or refused else 200,
        form=form,
        chosen=chosen,
        exposed=exposed_exams(request, course, joins_by=course.way_to_join) if chosen == "listed" else "",
        refused=refused,
        learners=learners_in(course.pk).count(),
    )
