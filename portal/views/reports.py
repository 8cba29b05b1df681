from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import course_by_slug
from portal.views.reader import learner_of
from quizzes.selectors import reports_by


@login_required
@require_safe
def my_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """What a learner reported of the course's questions, and what the instructors answered."""
    course = course_by_slug(slug)
    learner_of(request.user, course.pk)
    reports = reports_by(request.user.pk, course.pk)
    return render(request, "quizzes/reports.html", {"course": course, "section": "progress", "reports": reports})
