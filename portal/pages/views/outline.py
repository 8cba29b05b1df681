from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course.selectors import course_by_slug
from grading.services import settle_grades
from people.access import CourseAccess, access_from, course_seen, learner_or_preview, refuse_archived, refuse_to_show
from people.selectors import active_enrollment
from people.services import enroll, unenroll
from portal.announcements.selectors import announcements_for, announcements_previewed, is_announcing
from portal.pages.selectors import outline_of, running_exam_in
from portal.pages.views.accounts import safe_address
from portal.refusals import Refusal
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from people.models import Enrollment
    from portal.announcements.models import Announcement

NEWEST_SHOWN = 3


def outline(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything in the course, with this reader's state and what they still need to pass."""
    course = course_seen(request.user, slug)
    enrollment = active_enrollment(request.user, course.pk)
    grade, running = None, {}
    if enrollment is not None:
        grades = settle_grades(now=request.now, learner_id=request.user.pk, course_id=course.pk)
        grade = grades.grade_shown(request.user.pk, course.pk)
        running = {"running_exam": running_exam_in(grades.running, request.now)}
    found = outline_of(course.pk, request.user.pk, grade, now=request.now)
    context = {
        "section": "course",
        "page_key": ("outline", course.title, course.summary),
        "course": course,
        "enrollment": enrollment,
        "grade": grade,
        "outline": found,
        "needle": found.needle,
        "announcements": announced_on(course, request.user, enrollment),
        **running,
    }
    return render(request, "portal/outline.html", context)


def announced_on(course: "Course", user: "User", enrollment: "Enrollment | None") -> "list[Announcement]":
    """Return the newest announcements for this reader. Runs a query only in a course that has one."""
    access = access_from(enrollment, visibility=course.visibility, person=user)
    if access is CourseAccess.NONE or not is_announcing(course.pk):
        return []
    is_learner = access is CourseAccess.LEARNER
    rows = announcements_for(user, [course.pk]) if is_learner else announcements_previewed(course.pk)
    return list(rows[:NEWEST_SHOWN])


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
        messages.success(request, _("You are enrolled. Your responses now count. This page shows what is left to do."))
    elif is_new:
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


@login_required
def exam(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the course's last exam, for the link in every page header."""
    course = course_by_slug(slug)
    learner_or_preview(request.user, course.pk)
    found = next((each for each in reversed(assessments_of(course.pk)) if each.kind == "exam"), None)
    if found is None:
        raise Refusal("not_found")
    return redirect("assessment", found.pk)
