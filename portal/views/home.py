from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from course.selectors import about_lessons, courses, courses_with_enrollment
from portal.selectors import catalogue_of, course_scheme
from quizzes.services import settle_due


def home(request: HttpRequest) -> HttpResponse:
    """What there is to learn; for a learner first where they were, and what is left to pass."""
    user_id = request.user.pk
    if user_id is not None:
        settle_due(now=request.now, learner_id=user_id)
    catalogue = catalogue_of(courses_with_enrollment(user_id), user_id)
    context = {"section": "home", "catalogue": catalogue, "course": catalogue.only}
    return render(request, "portal/home.html", context)


def about(request: HttpRequest) -> HttpResponse:
    """What the course says about itself: what it teaches, the rules, how questions and the exam work."""
    course = courses().first()
    lessons = about_lessons(course.pk) if course else []
    scheme = course_scheme(course.pk) if course else None
    context = {"section": "about", "course": course, "lessons": lessons, "scheme": scheme}
    return render(request, "portal/about.html", context)


def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/shortcuts.html", {})
