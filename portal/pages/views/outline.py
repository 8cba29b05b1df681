from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from announcements.selectors import announcements_for, announcements_previewed, is_announcing
from grading.services import settle_grades
from people.access import CourseAccess, access_from, course_seen
from people.selectors import active_enrollment
from portal.pages.selectors import outline_of
from quizzes.selectors.running import running_exam_in

if TYPE_CHECKING:
    from accounts.models import User
    from announcements.models import Announcement
    from course.models import Course
    from people.models import Enrollment

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
    course_outline = outline_of(course.pk, request.user.pk, grade, now=request.now)
    context = {
        "section": "course",
        "page_key": ("outline", course.title, course.summary),
        "course": course,
        "enrollment": enrollment,
        "grade": grade,
        "outline": course_outline,
        "needle": course_outline.needle,
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
