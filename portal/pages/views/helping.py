"""Ask instructors about a part of a lesson or lab, and read their replies."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from course.rules.sections import titled_parts
from course.selectors import published_lesson
from foundation.frame.wording import spoken
from labs.rules.cells import numbered_cells, written_code
from labs.selectors import draft_of, lab_by_id
from people.access import course_seen, learner_or_preview, refuse_to_open
from portal.refusals import Refusal
from quizzes.selectors import own_help_requests, readable_help
from quizzes.services import HelpPlace, ask_for_help

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from course.models import Course

ON_THE_PAGE = {"help_unfit", "help_during_exam", "help_still_open", "too_many_help_requests"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lesson_help(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Ask about a section of a lesson, and show what the learner asked about the lesson before."""
    lesson = published_lesson(lesson_id)
    course, parts = lesson.module.course, titled_parts(lesson.html)
    learner_or_preview(request.user, course.pk)
    refuse_to_open(request.user, course.pk, lesson.opens_at, request.now)
    asked = HelpPlace.within("lesson", lesson, asked_part(request), parts)
    return help_page(request, course, asked, parts)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lab_help(request: HttpRequest, lab_id: str) -> HttpResponse:
    """Ask about a cell of a lab; the learner decides whether their code is sent along."""
    lab = lab_by_id(lab_id)
    parts = numbered_cells(lab.cells)
    learner_or_preview(request.user, lab.course_id)
    refuse_to_open(request.user, lab.course_id, lab.dates.opens_at, request.now)
    asked = HelpPlace.within("lab", lab, asked_part(request), parts)

    def code() -> str:
        return written_code(lab.cells, draft_of(lab, request.user.pk), asked.section)

    return help_page(request, lab.course, asked, parts, code)


def asked_part(request: HttpRequest) -> str:
    """Return the section or cell that the form names, or the address of an empty form."""
    return (request.POST if request.method == "POST" else request.GET).get("section", "")


def help_page(
    request: HttpRequest,
    course: "Course",
    asked: HelpPlace,
    parts: "Mapping[str, str]",
    code: "Callable[[], str] | None" = None,
) -> HttpResponse:
    """Store what the form asks, or show the form with the earlier requests about the same lesson or lab."""
    refusal = None
    if request.method == "POST":
        try:
            ask_for_help(
                learner=request.user,
                course=course,
                place=asked,
                text=request.POST.get("text", "").replace("\r\n", "\n"),
                code=code() if code and request.POST.get("with_code") else "",
                now=request.now,
            )
        except Refusal as found:
            if found.code not in ON_THE_PAGE:
                raise
            refusal = found
        else:
            messages.success(request, _("Sent. You find the reply here and in the lesson or lab."))
            return redirect(request.path)
    rows = own_help_requests(request.user.pk, course.pk, f"{asked.kind}:{asked.id}")
    context = {
        "section": "course",
        "course": course,
        "asked": asked,
        "parts": parts.items(),
        "has_code": code is not None,
        "requests": readable_help(rows, request.user.pk),
        "text": request.POST.get("text", request.GET.get("quote", "") and f"“{request.GET['quote'][:400]}”\n\n"),
        "with_code": bool(request.POST.get("with_code")),
        "refusal": refusal and spoken(refusal),
    }
    return render(request, "portal/ask.html", context, status=refusal.status if refusal else 200)


@require_safe
@login_required
def my_help(request: HttpRequest, slug: str) -> HttpResponse:
    """List what a learner asked in a course, and the replies."""
    course = course_seen(request.user, slug)
    learner_or_preview(request.user, course.pk)
    requests = readable_help(own_help_requests(request.user.pk, course.pk), request.user.pk)
    return render(request, "portal/asked.html", {"section": "course", "course": course, "requests": requests})
