"""Accepting an invitation by email, also for people who first have to sign up."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from people.access import access_of, refuse_unseen
from people.models import PersonalInvitation
from people.pages.arriving import show_first_program
from people.rules.inviting import state_of_personal
from people.rules.roles import limit_after
from people.selectors import active_enrollment, has_address, is_address_confirmed, limit_of, personal_invitation
from people.services import accept_invitation
from people.templatetags.workplace import limited_role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited where, with the next step for this reader; a POST accepts."""
    invitation = personal_invitation(token)
    course = invitation.course
    if course.visibility == "hidden" and invitation.is_for_learner:
        refuse_unseen(access_of(request.user, course.pk))
    if invitation.accepted_by_id is not None and invitation.accepted_by_id == request.user.pk:
        messages.info(request, _("You have accepted this invitation already."))
        return redirect("course", course.slug)
    if request.method == "POST":
        return accept_now(request, token, invitation.name) if invitation.is_for_learner else begin_work(request, token)
    is_mine = request.user.is_authenticated and has_address(request.user, invitation.email)
    reader = request.user if is_mine else None
    context = {
        "section": "home",
        "course": course,
        "invitation": invitation,
        "role": role_offered(invitation, reader),
        "state": state_of_personal(invitation, mailed="", now=request.now).value,
        "is_mine": reader is not None,
        "has_account": is_address_confirmed(invitation.email),
    }
    return render(request, "people/invited.html", context)


def role_offered(invitation: PersonalInvitation, reader: User | None) -> str:
    """Return in words the role that accepting gives to the reader, with its groups; "" for a learner's."""
    if invitation.is_for_learner:
        return ""
    enrollment = active_enrollment(reader, invitation.course_id) if reader else None
    before = limit_of(enrollment) if enrollment else None
    limit = limit_after(invitation.role, before, invitation.groups or None, is_whole_class=False)
    return limited_role(invitation.role, limit)


def accept_now(request: HttpRequest, token: str, invited_as: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    name = request.POST.get("name", "").strip() or request.user.name or invited_as
    if not name:
        messages.error(request, _("You are not enrolled yet. Enter your full name for the certificate, then enroll."))
        return redirect(request.path)
    enrollment = accept_invitation(user=request.user, token=token, name=name[:200], now=request.now)
    return show_first_program(request, enrollment.course)


def begin_work(request: HttpRequest, token: str) -> HttpResponse:
    """Accept the role of an invitation, and lead to the courses in which the person works."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    enrollment = accept_invitation(user=request.user, token=token, name="", now=request.now)
    role = limited_role(enrollment.role, limit_of(enrollment))
    course = enrollment.course.title
    messages.success(request, _("You now have a role in “%(course)s”: %(role)s.") % {"course": course, "role": role})
    return redirect("own_courses")
