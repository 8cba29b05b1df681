"""View a course exactly as one of its learners does. Viewing is audited and changes nothing."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from course.selectors import lesson_by_id
from foundation.reasons import stated
from labs.selectors import lab_by_id, slug_of_run
from people.access import course_with_permission, learner_in, refuse_out_of_sight
from people.errors import refusal_page
from people.gate import View, needs
from people.rules.roles import Permission
from portal.refusals import Refusal
from portal.workplace.second_factor import ask_staff
from quizzes.selectors import assessment_by_id
from records.services import record_audit

if TYPE_CHECKING:
    from course.models import Course

KEY = "viewing"  # in the session: {"slug", "learner_id"}; no name, because sessions outlive the learner's erasure
SHOWN = {
    *("course", "progress", "my_reports", "exam", "lesson", "assessment", "history", "exam_question", "hand_in", "lab"),
    "objectives",
    # What the script of a viewed lab requests: outputs, history, files, charts.
    *("api-lab-runs", "api-run", "api-run-outputs", "api-lab-files", "api-lab-file", "api-run-files", "api-run-file"),
    "api-lab-charts",
    "api-lab-versions",
    "api-run-code",
}
STILL_ALLOWED = {"start_viewing", "stop_viewing", "theme", "account_logout"}
STILL_ALLOWED |= {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}  # what viewing, too, asks for after 12 hours


@require_POST
@needs(Permission.VIEW_AS_LEARNER, in_archive=True, for_limited=True)
def start_viewing(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """From now on, show this learner's state on the course's pages, read-only, until `stop_viewing`.

    It includes their code and files, so it takes a reason. Raises Refusal not_found, reason_missing, reason_unfit.
    """
    enrollment = learner_in(course.pk, learner_id)
    record_audit(
        actor=request.user,
        action="view_as_learner",
        now=request.now,
        course=course,
        target=f"user:{learner_id}",
        reason=stated(request.POST.get("reason", "")),
        details={"learner": enrollment.user.username},
    )
    request.session[KEY] = {"slug": course.slug, "learner_id": learner_id}
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted) if is_ours else redirect("progress", course.slug)


@require_POST
@needs(Permission.VIEW_AS_LEARNER, in_archive=True, for_limited=True)
def stop_viewing(request: HttpRequest, course: "Course") -> HttpResponse:
    request.session.pop(KEY, None)
    return redirect("gradebook" if request.sight.is_limited else "dashboard", course.slug)


class ViewAsLearner:
    """Middleware: while viewing, the course's pages are the learner's, and nothing can be submitted.

    Writes by such a page (a lesson that was opened, a settlement that is due) are rolled back.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[str, ...], kwargs: dict[str, str]
    ) -> HttpResponseBase | None:
        viewing = request.session.get(KEY)
        if not viewing:
            return None
        name = request.resolver_match.url_name
        if request.method not in ("GET", "HEAD", "OPTIONS") and name not in STILL_ALLOWED:
            return refusal_page(request, Refusal("viewing_only"))
        if name not in SHOWN:
            return None
        try:
            return as_learner(request, viewing, view, args, kwargs)
        except Refusal as refusal:
            return refusal_page(request, refusal)


def as_learner(
    request: HttpRequest, viewing: dict[str, Any], view: View, args: tuple[str, ...], kwargs: dict[str, str]
) -> HttpResponseBase | None:
    """Return the page as the learner gets it, or None for a page of another course.

    Staff whose second factor is due are asked for it, as on their own pages.

    Raises Refusal not_found for staff without the course or out of whose groups the learner has gone, and
    role_insufficient if their role no longer allows it. Either ends the viewing.
    """
    if slug_of(kwargs) != viewing["slug"]:
        return None
    asked = ask_staff(request)
    if asked is not None:
        return asked
    try:
        course, standing = course_with_permission(request.user, viewing["slug"], Permission.VIEW_AS_LEARNER)
        refuse_out_of_sight(standing.sight, viewing["learner_id"], is_for_limited=True)
    except Refusal:
        request.session.pop(KEY)
        raise
    request.reasons_of = None if Permission.SEE_PRIVATE_NOTES in standing.permissions else request.user.pk
    request.user = learner_in(course.pk, viewing["learner_id"]).user
    with transaction.atomic():
        answer = view(request, *args, **kwargs)
        transaction.set_rollback(True)
    return answer


def slug_of(kwargs: dict[str, str]) -> str:
    """Return the slug of the course that an address belongs to, "" for a run outside labs. Raises Refusal not_found."""
    if "lesson_id" in kwargs:
        return lesson_by_id(kwargs["lesson_id"]).module.course.slug
    if "assessment_id" in kwargs:
        return assessment_by_id(kwargs["assessment_id"]).course.slug
    if "lab_id" in kwargs:
        return lab_by_id(kwargs["lab_id"]).course.slug
    if "run_id" in kwargs:
        return slug_of_run(kwargs["run_id"])
    return kwargs["slug"]
