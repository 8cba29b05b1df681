"""Progress: the grade, everything that it consists of, and what is still needed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import published_course
from grading.selectors import certificate_of
from grading.selectors.notices import notices_for
from grading.selectors.outlooks import outlook_of
from grading.services import settle_grades
from people.access import learner_or_preview
from portal.pages.selectors import coming_dates
from quizzes.selectors.running import running_exam_in


@login_required
@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    course = published_course(slug)
    learner_id = learner_or_preview(request.user, course.pk)
    grades = settle_grades(now=request.now, learner_id=request.user.pk, course_id=course.pk)
    grade = grades.grade_shown(request.user.pk, course.pk)
    context = {
        "course": course,
        "section": "progress",
        "page_key": "progress",
        "is_preview": learner_id is None,
        "now": request.now,
        "running_exam": running_exam_in(grades.running, request.now),
        "grade": grade,
        "coming": coming_dates(course.pk, request.user.pk, grade, request.now),
        "has_begun": any(item.state != "not_started" for item in grade.items),
        "certificate": certificate_of(request.user.pk, course.pk) if grade.is_certified or grade.is_revoked else None,
        "notices": notices_for(learner_id, course.pk, grade.hidden) if learner_id and grade.has_notices else [],
        **outlook_of(grade),
    }
    return render(request, "grading/progress.html", context)
