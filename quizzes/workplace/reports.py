"""Learners' reports about questions, with the version they saw, their response, and their paper's seed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.wording import spoken
from people.gate import choice, needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from questions import types
from quizzes.models import QuestionReport
from quizzes.refusals import Refusal
from quizzes.rules.disclosure import USUAL
from quizzes.selectors import is_on_hold, report_by_id, reports_in, shown_body
from quizzes.services import answer_report, close_report

if TYPE_CHECKING:
    from course.models import Course

ROWS = 25
SENT = gettext_lazy("Sent. The learner finds your reply under “Questions you reported”, linked from Progress.")
HELD = gettext_lazy("Saved. The learner can read your reply once their exam is over and graded.")
HELD_WITH_KEY = gettext_lazy("Saved. The learner can read your reply once the correct answer is shown.")


@require_safe
@needs(Permission.ANSWER_REPORTS, asks={"page", "show"}, for_limited=True)
def reports(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the open reports; with `show=closed`, the others."""
    shows_closed = choice(request, "show", ("open", "closed"), "open") == "closed"
    rows = reports_in(course.pk, request.sight).filter(closed_at__isnull=not shows_closed)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/reports.html",
        section="reports",
        title=_("Reports"),
        shows_closed=shows_closed,
        rows=page_of_rows(request, rows, ROWS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ANSWER_REPORTS, for_limited=True)
def report_page(request: HttpRequest, course: "Course", report_id: int) -> HttpResponse:
    """Show one report with the question as its learner saw it; answer or close it."""
    report = report_by_id(course.pk, report_id, request.sight)
    if request.method != "POST":
        return show_report(request, course, report)
    try:
        act(request, course, report)
    except Refusal as refusal:
        return show_report(request, course, report, refusal=refusal)
    return redirect("report_page", course.slug, report.pk)


def act(request: HttpRequest, course: "Course", report: QuestionReport) -> None:
    who = {"report_id": report.pk, "course_id": course.pk, "actor": request.user, "now": request.now}
    wanted = request.POST.get("do", "")
    if wanted in ("close", "reopen"):
        close_report(**who, closes=wanted == "close")
        messages.success(request, _("Report closed.") if wanted == "close" else _("Report reopened."))
        return
    answer_report(**who, text=request.POST.get("answer", ""), closes=wanted == "answer_and_close")
    messages.success(request, words_of_reply(report, request.now))


def words_of_reply(report: QuestionReport, now: datetime) -> Promise:
    if not is_on_hold(report, now):
        return SENT
    return HELD if report.question.assessment.disclosure == USUAL["exam"] else HELD_WITH_KEY


def show_report(
    request: HttpRequest, course: "Course", report: QuestionReport, *, refusal: Refusal | None = None
) -> HttpResponse:
    kind, version = types.get(report.version.type), report.version
    body = shown_body(version, report.sitting and report.sitting.option_order)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/report.html",
        status=refusal.status if refusal else 200,
        section="reports",
        title=_("Report on %s") % report.question.key,
        report=report,
        is_on_hold=is_on_hold(report, request.now),
        waits_for_exam=report.question.assessment.disclosure == USUAL["exam"],
        version=version,
        kind=kind,
        card=kind.context(body, report.response, version.secret),
        response=kind.describe(body, report.response),
        key=kind.describe_key(version.body, version.secret),
        refusal=spoken(refusal) if refusal else "",
        answer=request.POST.get("answer", report.answer),
    )
