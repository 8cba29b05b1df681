from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import course_by_slug
from people.access import learner_or_preview
from quizzes.selectors import reports_by
from quizzes.services import settle_due


@login_required
@require_safe
def my_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a learner's reports about the course's questions, and the instructors' replies."""
    course = course_by_slug(slug)
    learner_or_preview(request.user, course.pk)
    settle_due(now=request.now, learner_id=request.user.pk, course_id=course.pk)
    reports = reports_by(request.user.pk, course.pk, request.now)
    return render(request, "quizzes/reports.html", {"course": course, "section": "progress", "reports": reports})
