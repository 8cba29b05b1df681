"""Enrolling in a course from its page, and leaving it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course.selectors import course_by_slug
from foundation.frame.addresses import safe_address
from people.access import refuse_archived, refuse_to_show
from people.pages.arriving import show_first_program
from people.refusals import Refusal
from people.services import enroll, unenroll


@require_POST
@login_required
def self_enroll(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    refuse_to_show(request.user, course)
    refuse_archived(course)
    name = request.POST.get("name", "").strip() or request.user.name
    if not name:
        messages.error(request, _("You are not enrolled yet. Enter your full name for the certificate, then enroll."))
        return redirect("course", slug)
    code = request.POST.get("code", "").strip()
    try:
        _enrollment, is_new = enroll(user=request.user, course=course, now=request.now, name=name[:200], code=code)
    except Refusal as refusal:
        if refusal.code != "code_incorrect":
            raise
        messages.error(request, refusal.sentence)
        return redirect("course", slug)
    following = safe_address(request, request.POST["next"]) if "next" in request.POST else ""
    if is_new and not following:
        return show_first_program(request, course)
    if is_new:
        messages.success(request, _("You are enrolled. Your responses now count."))
    return redirect(following or reverse("course", args=[slug]))


@require_POST
@login_required
def self_unenroll(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    refuse_to_show(request.user, course)
    unenroll(user=request.user, course=course, now=request.now)
    messages.success(
        request,
        _("You have left the course. Everything you did is kept. Enroll again to get it back."),
    )
    return redirect("home")
