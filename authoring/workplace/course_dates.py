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
from authoring.services import Effects, Load, Movement, edit_course, editable_texts
from authoring.workplace.texts import confirmation_digest, is_accepted
from course.services import text_digest
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from records.services import record_audit

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
    movements: tuple[Movement, ...] = ()
    if request.method == "POST" and days:
        done = shift(request, course, days, edits, texts, is_as_shown=request.POST.get("seen") == seen)
        if not isinstance(done, tuple):
            return done
        movements = done
    status = 409 if movements else 400 if form.is_bound and not form.is_valid() else 200
    return workplace_page(
        request,
        course,
        "authoring/course_dates.html",
        section="texts",
        title=_("Dates"),
        status=status,
        form=form,
        days=days,
        moved=moved,
        seen=seen,
        movements=movements,
        accepted=confirmation_digest(Effects(movements), {}) if movements else "",
    )


def shift(
    request: HttpRequest,
    course: "Course",
    days: int,
    edits: dict[str, str],
    texts: Mapping[str, str],
    *,
    is_as_shown: bool,
) -> HttpResponse | tuple[Movement, ...]:
    """Move the dates of these texts. Return the grades that would move, if the request does not confirm exactly these (D34)."""
    if not is_as_shown:
        messages.error(request, _("The dates changed after your preview. Nothing was moved. Look at the new preview."))
        return redirect(f"{request.path}?days={days}")

    def record(done: Load) -> None:
        details: dict[str, object] = {"days": days, "files": sorted(edits)}
        if done.movements:
            details["moved_grades"] = len(done.movements)
        record_audit(actor=request.user, action="shift_dates", now=request.now, course=course, details=details)

    try:
        done = edit_course(
            course_id=course.pk,
            edits=edits,
            based_on={path: texts[path] for path in edits},
            editor=request.user,
            accept=lambda effects: is_accepted(request, effects, {}),
            now=request.now,
            record=record,
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(f"{request.path}?days={days}")
    if not isinstance(done, Load):
        for mistake in done:
            messages.error(request, str(mistake))
        messages.error(request, _("Nothing was moved. Choose another number of days, or edit the text."))
        return redirect("course_dates", course.slug)
    if not done.is_written:
        return done.movements
    told = ngettext("Every date moved by {days} day.", "Every date moved by {days} days.", abs(days))
    messages.success(request, told.format(days=days))
    return redirect("course_dates", course.slug)
