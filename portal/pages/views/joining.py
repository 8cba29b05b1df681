"""Joining a course by an invitation link, also for people who first have to sign up."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course import services
from course.rules.joining import state_of_invitation
from course.selectors import active_enrollment, invitation_by_token

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a link leads, or why it does not work any more; a POST enrolls."""
    invitation = invitation_by_token(token)
    course = invitation.course
    if active_enrollment(request.user, course.pk) is not None:
        messages.info(request, _("You are enrolled in this course already. The link was not used."))
        return redirect("course", course.slug)
    if request.method == "POST":
        return join_now(request, token, course)
    context = {
        "section": "home",
        "course": course,
        "invitation": invitation,
        "state": "closed" if course.joins_by == "closed" else state_of_invitation(invitation, request.now).value,
    }
    return render(request, "portal/join.html", context)


def join_now(request: HttpRequest, token: str, course: "Course") -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    name = request.POST.get("name", "").strip() or request.user.name
    if not name:
        messages.error(request, _("You are not enrolled yet. Enter your full name for the certificate, then enroll."))
        return redirect("join", token)
    services.enroll(user=request.user, course=course, now=request.now, name=name[:200], invitation=token)
    messages.success(request, _("You are enrolled. Your responses now count. This page shows what is left to do."))
    return redirect("course", course.slug)
