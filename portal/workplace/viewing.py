"""Seeing a course exactly as one of its learners does: written down, and changing nothing."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from course.rules.refusals import Refusal
from course.selectors import learner_in, lesson_by_id
from course.services import record_audit
from portal.views.errors import refused
from portal.workplace.gate import View, course_taught, for_instructors
from quizzes.selectors import assessment_by_id

KEY = "viewing"  # in the session: {"slug", "learner_id", "name"}
SHOWN = {"course", "progress", "my_reports", "exam", "lesson", "assessment", "history", "exam_question", "hand_in"}
STILL_ALLOWED = {"start_viewing", "stop_viewing", "theme", "account_logout"}


@require_POST
@for_instructors
def start_viewing(request: HttpRequest, course: Any, learner_id: int) -> HttpResponse:
    """From now on the pages of the course show this learner's state, read-only, until `stop_viewing`."""
    enrollment = learner_in(course.pk, learner_id)
    record_audit(
        actor=request.user,
        action="view_as_learner",
        now=request.now,
        course=course,
        target=f"user:{learner_id}",
        reason=request.POST.get("reason", "").strip(),
        details={"learner": enrollment.user.username},
    )
    request.session[KEY] = {"slug": course.slug, "learner_id": learner_id, "name": enrollment.name}
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted) if is_ours else redirect("progress", course.slug)


@require_POST
@for_instructors
def stop_viewing(request: HttpRequest, course: Any) -> HttpResponse:
    request.session.pop(KEY, None)
    return redirect("dashboard", course.slug)


class ViewAsLearner:
    """Middleware: while viewing, pages of that course are the learner's, and nothing is accepted.

    What such a page writes by itself (a lesson that was opened, a settlement that is due) is rolled back.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        viewing = request.session.get(KEY)
        if not viewing:
            return None
        name = request.resolver_match.url_name
        if request.method not in ("GET", "HEAD", "OPTIONS") and name not in STILL_ALLOWED:
            return refused(request, Refusal("viewing_only"))
        if name not in SHOWN:
            return None
        try:
            return as_learner(request, viewing, view, args, kwargs)
        except Refusal as refusal:
            return refused(request, refusal)


def as_learner(
    request: HttpRequest, viewing: dict[str, Any], view: View, args: Any, kwargs: Any
) -> HttpResponse | None:
    """The page as the learner gets it; None for a page of another course. Refusal not_found for staff of none."""
    if slug_of(kwargs) != viewing["slug"]:
        return None
    course = course_taught(request.user, viewing["slug"])
    request.user = learner_in(course.pk, viewing["learner_id"]).user
    with transaction.atomic():
        answer = view(request, *args, **kwargs)
        transaction.set_rollback(True)
    return answer


def slug_of(kwargs: dict[str, Any]) -> str:
    """The course that an address belongs to. Raises Refusal not_found."""
    if "lesson_id" in kwargs:
        return lesson_by_id(kwargs["lesson_id"]).module.course.slug
    if "assessment_id" in kwargs:
        return assessment_by_id(kwargs["assessment_id"]).course.slug
    return kwargs["slug"]
