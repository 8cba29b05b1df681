"""Figures, data and programs of a course: upload, replace and remove them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.files import FilesForm
from authoring.refusals import Refusal
from authoring.services import Publication, change_files, stored_files
from authoring.services.pictures import SmallerPicture, shrink_pictures
from authoring.workplace.publishing import asked_before, confirmed_in
from authoring.workplace.tryouts import lab_files
from foundation.frame.outcomes import attempted, tell
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

ON_THE_LABS_PAGE = {"lab_untried", "lab_trial_failed", "files_lower_points"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EDIT_TEXTS)
def course_files(request: HttpRequest, course: "Course") -> HttpResponse:
    """List the files of the course that have no page. A POST adds, replaces and removes some of them, or does nothing."""
    rows = stored_files(course_id=course.pk)
    form = FilesForm(request.POST or None, request.FILES or None, folders=[row.path.rpartition("/")[0] for row in rows])
    plan: Publication | None = None
    if form.is_bound and form.is_valid():
        try:
            plan = attempted(form, lambda: changed_by(request, course, form))
        except LabDrafted as drafted:
            return redirect("lab_tryout", course.slug, drafted.folder)
        if plan and plan.is_written:
            tell(request, _("The files are published. Loading the course folder no longer changes them."))
            return redirect("course_files", course.slug)
    return workplace_page(
        request,
        course,
        "authoring/course_files.html",
        section="texts",
        title=_("Figures, data and programs"),
        status=409 if plan and plan.effects else 400 if form.errors or plan else 200,
        rows=rows,
        chosen=request.POST.getlist("removed"),
        form=form,
        mistakes=plan.mistakes if plan else (),
        **asked_before(plan),
    )


class LabDrafted(Exception):
    """The uploaded files are drafts of the lab in this folder now: its page tries and publishes them."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


def changed_by(request: HttpRequest, course: "Course", form: FilesForm) -> Publication:
    """Change the files. Raises LabDrafted, with the reason as a message, if the author goes on with the trials."""
    try:
        return files_changed(request, course, form)
    except Refusal as refusal:
        folder = form.cleaned_data["folder"]
        if refusal.code not in ON_THE_LABS_PAGE or not lab_files(request, course, folder):
            raise
        messages.warning(request, refusal.sentence)
        raise LabDrafted(folder) from None


def files_changed(request: HttpRequest, course: "Course", form: FilesForm) -> Publication:
    added, smaller = shrink_pictures({file.name: file.read() for file in form.cleaned_data["files"]})
    done = change_files(
        course=course,
        folder=form.cleaned_data["folder"],
        added=added,
        removed=request.POST.getlist("removed"),
        author=request.user,
        reason=form.cleaned_data["reason"],
        confirmed=confirmed_in(request),
        now=request.now,
    )
    if done.is_written and smaller:
        tell(request, smaller_words(smaller))
    return done


def smaller_words(pictures: Sequence[SmallerPicture]) -> str:
    """Say which pictures were made smaller, and by how much."""
    sizes = [f"{picture.name} ({kilobytes(picture.before)} → {kilobytes(picture.after)})" for picture in pictures]
    return _("Made smaller, so that phones load them fast: {pictures}.").format(pictures=", ".join(sizes))


def kilobytes(size: int) -> str:
    return f"{max(1, round(size / 1000)):,} kB"
