"""A learner's objectives: what their answers show of each, and the lessons to read again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import published_course
from grading.services import settle_grades
from people.access import learner_or_preview
from portal.mastery.rules.mastery import FEWEST
from portal.mastery.selectors import mastery_of


@login_required
@require_safe
def objectives(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the objectives of the course by module. People who preview the course see them without answers."""
    course = published_course(slug)
    learner_id = learner_or_preview(request.user, course.pk)
    settle_grades(now=request.now, learner_id=request.user.pk, course_id=course.pk)
    modules = mastery_of(course.pk, learner_id, request.now)
    context = {
        "section": "progress",
        "course": course,
        "is_preview": learner_id is None,
        "modules": modules,
        "fewest": FEWEST,
        "has_answers": any(objective.answered for module in modules for objective in module.objectives),
    }
    return render(request, "portal/objectives.html", context)
