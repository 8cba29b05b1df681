"""Exam time, later dates and extra attempts for many learners, from a file."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import tell
from foundation.frame.wording import spoken
from grading.rules.overrides import LineMistake
from grading.workplace.gradebook import text_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from portal.allowances.forms import AllowancesFileForm
from portal.allowances.rules.allowances import AllowanceLine, read_allowances
from portal.allowances.selectors.activity_dates import activities_of_course
from portal.allowances.services import import_allowances, plan_allowances
from portal.refusals import Refusal
from quizzes.services import settle_due

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, for_limited=True)
def allowances_file(request: HttpRequest, course: "Course") -> HttpResponse:
    """Read a file of allowances: preview each line, then apply all of them, or none."""
    if request.method != "POST":
        return allowances_page(request, course)
    settle_due(now=request.now, course_id=course.pk)
    text, mistakes = text_in(request)
    lines, wrong = read_allowances(text, get_current_timezone()) if not mistakes else ([], [])
    if not (lines or mistakes or wrong):
        mistakes = [LineMistake(1, _("The file has no lines."))]
    refusal = ""
    if (expected := request.POST.get("expected")) and not (mistakes or wrong):
        order = {"course": course, "lines": lines, "author": request.user, "now": request.now, "sight": request.sight}
        try:
            number = len(import_allowances(expected=expected, **order).changing)
        except Refusal as refused:
            refusal = spoken(refused)
        else:
            tell(request, ngettext("%d line was applied.", "%d lines were applied.", number) % number)
            return redirect("gradebook", course.slug)
    return allowances_page(request, course, text=text, lines=lines, mistakes=[*mistakes, *wrong], refusal=refusal)


def allowances_page(
    request: HttpRequest,
    course: "Course",
    *,
    text: str = "",
    lines: Sequence[AllowanceLine] = (),
    mistakes: Iterable[LineMistake] = (),
    refusal: str = "",
) -> HttpResponse:
    """Show the form, and what the lines would change or every mistake in them."""
    order = {"course": course, "lines": lines, "author": request.user, "now": request.now, "sight": request.sight}
    plan = plan_allowances(**order) if lines else None
    mistakes = sorted({*mistakes, *(plan.mistakes if plan else ())}, key=lambda mistake: mistake.number)
    return workplace_page(
        request,
        course,
        "workplace/allowances_file.html",
        section="gradebook",
        title=_("Allowances from a file"),
        status=409 if refusal else 400 if mistakes else 200,
        form=AllowancesFileForm(),
        plan=plan if plan and not mistakes else None,
        mistakes=mistakes,
        refusal=refusal,
        text=text,
        items=activities_of_course(course.pk),
    )
