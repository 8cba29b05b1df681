"""Joining a course by an invitation link or by its code, also for people who first have to sign up."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.joining import InvitationState, state_of_invitation
from people.access import access_of, refuse_unseen
from people.pages.arriving import show_first_program
from people.refusals import Refusal
from people.selectors import active_enrollment, course_by_code, invitation_by_token
from people.services import enroll

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Invitation


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a link leads, or why it does not work any more; a POST enrolls."""
    course, invitation = course_to_join(token)
    if course.visibility == "hidden":
        refuse_unseen(access_of(request.user, course.pk))
    if active_enrollment(request.user, course.pk) is not None:
        messages.info(request, _("You are enrolled in this course already. The link was not used."))
        return redirect("course", course.slug)
    if request.method == "POST":
        return join_now(request, course, {"invitation": token} if invitation else {"code": token})
    context = {
        "section": "home",
        "course": course,
        "invitation": invitation,
        "state": state_of_link(course, invitation, request.now),
    }
    return render(request, "people/join.html", context)


def course_to_join(token: str) -> "tuple[Course, Invitation | None]":
    """Return the course to which an address leads, and the invitation unless it holds the course's code."""
    try:
        invitation = invitation_by_token(token)
    except Refusal:
        return course_by_code(token), None
    return invitation.course, invitation


def state_of_link(course: "Course", invitation: "Invitation | None", now: datetime) -> str:
    if course.joins_by == "closed":
        return "closed"
    return state_of_invitation(invitation, now).value if invitation else InvitationState.VALID.value


def join_now(request: HttpRequest, course: "Course", proof: dict[str, str]) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    name = request.POST.get("name", "").strip() or request.user.name
    if not name:
        messages.error(request, _("You are not enrolled yet. Enter your full name for the certificate, then enroll."))
        return redirect(request.path)
    enroll(user=request.user, course=course, now=request.now, name=name[:200], **proof)
    return show_first_program(request, course)
