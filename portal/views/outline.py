from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course import services
from course.rules.refusals import Refusal
from course.selectors import course_by_slug, course_for
from grading.selectors import course_grade
from portal.selectors import outline_of
from quizzes.selectors import assessments_of
from quizzes.services import settle_due


def outline(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything in the course, with its state for this reader and what is left to pass."""
    course, enrollment = course_for(request.user, slug)
    grade = None
    if enrollment is not None:
        settle_due(now=request.now, learner_id=request.user.pk, course_id=course.pk)
        grade = course_grade(request.user.pk, course.pk)
    found = outline_of(course.pk, request.user.pk, grade)
    context = {
        "section": "course",
        "course": course,
        "enrollment": enrollment,
        "grade": grade,
        "outline": found,
        "needle": found.needle,
    }
    return render(request, "portal/outline.html", context)


@require_POST
@login_required
def enroll(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    name = request.POST.get("name", "").strip() or request.user.name
    if not name:
        messages.error(
            request, _("You are not enrolled yet: write your full name, as it shall stand on the certificate.")
        )
        return redirect("course", slug)
    _enrollment, is_new = services.enroll(user=request.user, course=course, now=request.now, name=name[:200])
    if is_new:
        messages.success(
            request, _("You are enrolled. Your answers count from now on, and this page says what is left.")
        )
    return redirect("course", slug)


@require_POST
@login_required
def unenroll(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    services.unenroll(user=request.user, course=course, now=request.now)
    messages.success(
        request,
        _("You have left the course. Everything you did in it is kept; enroll again and you find it as it was."),
    )
    return redirect("home")


@login_required
def exam(request: HttpRequest, slug: str) -> HttpResponse:
    """The way to the course's exam from every page's head."""
    course = course_by_slug(slug)
    found = next((each for each in assessments_of(course.pk) if each.kind == "exam"), None)
    if found is None:
        raise Refusal("not_found")
    return redirect("assessment", found.pk)
