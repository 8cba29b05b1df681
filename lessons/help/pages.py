"""Ask instructors about a part of a lesson or lab, and read their replies."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.wording import spoken
from lessons.help.selectors import own_help_requests, readable_help
from lessons.help.services import ask_for_help
from lessons.help.subjects import HelpSubject, subject_in, subject_page
from lessons.refusals import Refusal
from people.access import course_seen, learner_or_preview, refuse_to_open

if TYPE_CHECKING:
    from activities.kinds import ActivityPage

ON_THE_PAGE = {"help_unfit", "help_during_exam", "help_still_open", "too_many_help_requests"}


def lesson_help(request: HttpRequest, lesson_id: str) -> HttpResponse:
    return ask(request, "lesson", lesson_id)


def lab_help(request: HttpRequest, lab_id: str) -> HttpResponse:
    return ask(request, "lab", lab_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, kind: str, page_id: str) -> HttpResponse:
    """Ask about a part of a lesson or activity, and show what the learner asked about it before.

    Where learners write something, they decide whether it is sent along.
    """
    page = subject_page(kind, page_id)
    learner_or_preview(request.user, page.course.pk)
    refuse_to_open(request.user, page.course.pk, page.opening_for(request.user.pk), request.now)
    subject, refusal = subject_in(kind, page, section_in(request)), None
    if request.method == "POST":
        try:
            send(request, page, subject)
        except Refusal as raised:
            if raised.code not in ON_THE_PAGE:
                raise
            refusal = raised
        else:
            messages.success(request, _("Sent. You find the reply here and in the lesson or lab."))
            return redirect(request.path)
    return help_page(request, page, subject, refusal)


def section_in(request: HttpRequest) -> str:
    """Return the section or cell that the form names, or the address of an empty form."""
    return (request.POST if request.method == "POST" else request.GET).get("section", "")


def send(request: HttpRequest, page: "ActivityPage", subject: HelpSubject) -> None:
    code = page.written(request.user.pk, subject.section) if request.POST.get("with_code") else ""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    ask_for_help(learner=request.user, course=page.course, subject=subject, text=text, code=code, now=request.now)


def help_page(
    request: HttpRequest, page: "ActivityPage", subject: HelpSubject, refusal: Refusal | None
) -> HttpResponse:
    """Show the form with the earlier requests about the same lesson or activity."""
    rows = own_help_requests(request.user.pk, page.course.pk, subject.key)
    quote = request.GET.get("quote", "")[:400]
    context = {
        "section": "course",
        "course": page.course,
        "asked": subject,
        "parts": page.parts.items(),
        "has_code": page.has_writing,
        "requests": readable_help(rows, request.user.pk),
        "text": request.POST.get("text", quote and f"“{quote}”\n\n"),
        "with_code": bool(request.POST.get("with_code")),
        "refusal": refusal and spoken(refusal),
    }
    return render(request, "lessons/help/ask.html", context, status=refusal.status if refusal else 200)


@require_safe
@login_required
def my_help(request: HttpRequest, slug: str) -> HttpResponse:
    """List what a learner asked in a course, and the replies."""
    course = course_seen(request.user, slug)
    learner_or_preview(request.user, course.pk)
    requests = readable_help(own_help_requests(request.user.pk, course.pk), request.user.pk)
    return render(request, "lessons/help/asked.html", {"section": "course", "course": course, "requests": requests})
