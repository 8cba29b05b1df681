"""Accepting an invitation by email, also for people who first have to sign up."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.access import access_of, refuse_unseen
from people.pages.arriving import show_first_program
from people.rules.inviting import state_of_personal
from people.selectors import has_address, is_address_confirmed, personal_invitation
from people.services import accept_invitation


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
    context = {
        "section": "home",
        "course": course,
        "invitation": invitation,
        "role": "" if invitation.is_for_learner else invitation.get_role_display(),
        "state": state_of_personal(invitation, mailed="", now=request.now).value,
        "is_mine": request.user.is_authenticated and has_address(request.user, invitation.email),
        "has_account": is_address_confirmed(invitation.email),
    }
    return render(request, "people/invited.html", context)


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
    messages.success(request, _("You now have a role in “%s”.") % enrollment.course.title)
    return redirect("own_courses")
