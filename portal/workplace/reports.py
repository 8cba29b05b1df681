"""What learners say is wrong with questions: with the version they saw, what they had answered, and their paper's seed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from course.rules.refusals import Refusal
from portal.templatetags.times import spoken
from portal.workplace.gate import for_instructors, page
from quizzes import types
from quizzes.models import QuestionReport
from quizzes.selectors import report_by_id, reports_in
from quizzes.services import answer_report, close_report

ROWS = 25


@require_safe
@for_instructors
def reports(request: HttpRequest, course: Any) -> HttpResponse:
    """Those that are not closed; `show=closed` the others."""
    shows_closed = request.GET.get("show") == "closed"
    rows = reports_in(course.pk).filter(closed_at__isnull=not shows_closed)
    return page(
        request,
        course,
        "reports",
        section="reports",
        title=_("Reports"),
        shows_closed=shows_closed,
        rows=Paginator(rows, ROWS).get_page(request.GET.get("page")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def report(request: HttpRequest, course: Any, report_id: int) -> HttpResponse:
    """One report as its learner saw the question; an answer, or closing it."""
    found = report_by_id(course.pk, report_id)
    if request.method != "POST":
        return show(request, course, found)
    try:
        act(request, course, found)
    except Refusal as refusal:
        return show(request, course, found, refusal=refusal)
    return redirect("report_page", course.slug, found.pk)


def act(request: HttpRequest, course: Any, found: QuestionReport) -> None:
    who = {"report_id": found.pk, "course_id": course.pk, "actor": request.user, "now": request.now}
    wanted = request.POST.get("do", "")
    if wanted in ("close", "reopen"):
        close_report(**who, closes=wanted == "close")
        messages.success(request, _("Closed.") if wanted == "close" else _("Open again."))
        return
    answer_report(**who, text=request.POST.get("answer", ""), closes=wanted == "answer_and_close")
    messages.success(request, _("Answered: the learner reads it under “Questions you reported”, linked from Progress."))


def show(request: HttpRequest, course: Any, found: QuestionReport, *, refusal: Refusal | None = None) -> HttpResponse:
    kind, version = types.get(found.version.type), found.version
    return page(
        request,
        course,
        "report",
        status=refusal.status if refusal else 200,
        section="reports",
        title=_("Report on %s") % found.question.key,
        report=found,
        version=version,
        kind=kind,
        card=kind.context(version.body, found.response, version.secret),
        response=kind.describe(version.body, found.response),
        key=kind.describe_key(version.body, version.secret),
        refusal=spoken(refusal) if refusal else "",
        answer=request.POST.get("answer", found.answer),
    )
