"""All dates of a course, and the form that moves them together for a new term."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from authoring.folder import shift_texts
from authoring.forms.dates import ShiftForm
from authoring.refusals import Refusal
from authoring.services import AuditLine, Publication, edit_files, editable_texts, publish
from authoring.workplace.publishing import asked_before, confirmed_in
from course.services import text_digest
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY, asks={"days"})
def course_dates(request: HttpRequest, course: "Course") -> HttpResponse:
    """List the dates in the course's texts. `days=` previews a shift; a POST makes exactly the one that was shown."""
    form = ShiftForm(request.POST or (request.GET if "days" in request.GET else None))
    days = form.cleaned_data["days"] if form.is_bound and form.is_valid() else 0
    texts = editable_texts(course_id=course.pk)
    edits, moved = shift_texts(texts, days)
    seen = text_digest(repr((days, moved)))
    plan: Publication | None = None
    if request.method == "POST" and days:
        done = shift(request, course, days, edits, texts, is_as_shown=request.POST.get("seen") == seen)
        if not isinstance(done, Publication):
            return done
        plan = done
    status = 409 if plan else 400 if form.is_bound and not form.is_valid() else 200
    return workplace_page(
        request,
        course,
        "authoring/course_dates.html",
        section="settings",
        title=_("Dates"),
        status=status,
        form=form,
        days=days,
        moved=moved,
        seen=seen,
        **asked_before(plan),
    )


def shift(
    request: HttpRequest,
    course: "Course",
    days: int,
    edits: dict[str, str],
    texts: Mapping[str, str],
    *,
    is_as_shown: bool,
) -> HttpResponse | Publication:
    """Move the dates of these texts. Return the plan if the request does not confirm exactly the grades that it moves (D34)."""
    if not is_as_shown:
        messages.error(request, _("The dates changed after your preview. Nothing was moved. Look at the new preview."))
        return redirect(f"{request.path}?days={days}")

    try:
        edit = edit_files(
            course=course,
            files=edits,
            based_on={path: texts[path] for path in edits},
            editor=request.user,
            audit=(AuditLine("shift_dates", details={"days": days, "files": sorted(edits)}),),
        )
        done = publish(edit=edit, confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(f"{request.path}?days={days}")
    if done.mistakes:
        for mistake in done.mistakes:
            messages.error(request, str(mistake))
        messages.error(request, _("Nothing was moved. Choose another number of days, or edit the text."))
        return redirect("course_dates", course.slug)
    if not done.is_written:
        return done
    sentence = ngettext("Every date moved by {days} day.", "Every date moved by {days} days.", abs(days))
    messages.success(request, sentence.format(days=days))
    return redirect("course_dates", course.slug)
