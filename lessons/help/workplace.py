"""What learners asked about lessons and labs, and the replies."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.wording import spoken
from lessons.help.selectors import help_request_by_id, help_requests_in
from lessons.help.services import answer_help
from lessons.refusals import Refusal
from people.gate import choice, needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from people.selectors import group_names

if TYPE_CHECKING:
    from course.models import Course

SHOWN_AT_ONCE = 25


@require_safe
@needs(Permission.ANSWER_REPORTS, asks={"page", "show", "group"}, for_limited=True)
def help_requests(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show what waits for a reply; with `show=answered`, the rest. `group` shows the learners of one group."""
    groups = group_names(course)
    group = choice(request, "group", ("", *groups), "")
    show = choice(request, "show", ("open", "answered"), "open")
    rows = help_requests_in(course.pk, group=group, sight=request.sight).filter(answered_at__isnull=show == "open")
    return workplace_page(
        request,
        course,
        "lessons/help/requests.html",
        section="help",
        title=_("Questions about lessons and labs"),
        show=show,
        groups=groups,
        group=group,
        rows=page_of_rows(request, rows, SHOWN_AT_ONCE),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ANSWER_REPORTS, for_limited=True)
def help_request(request: HttpRequest, course: "Course", request_id: int) -> HttpResponse:
    """Show one request with its subject and the code that the learner sent along; store the reply."""
    question, refusal = help_request_by_id(course.pk, request_id, request.sight), None
    if request.method == "POST":
        text = request.POST.get("answer", "").replace("\r\n", "\n")
        try:
            answer_help(request_id=question.pk, course_id=course.pk, actor=request.user, text=text, now=request.now)
        except Refusal as raised:
            refusal = raised
        else:
            messages.success(request, _("Sent. The learner finds your reply at the place that they asked about."))
            return redirect("help_request", course.slug, question.pk)
    return workplace_page(
        request,
        course,
        "lessons/help/request.html",
        status=refusal.status if refusal else 200,
        section="help",
        title=_("Question about %s") % question.title,
        asked=question,
        refusal=spoken(refusal) if refusal else "",
        answer=request.POST.get("answer", question.answer),
    )
