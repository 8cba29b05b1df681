"""What was announced in a course, as its readers see it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from announcements.selectors import announcements_for, announcements_previewed
from announcements.services import note_announcements_read
from course.selectors import course_by_slug
from people.access import learner_or_preview

MOST_SHOWN = 100


@login_required
@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was announced to this learner, newest first. From now on, nothing of it is new to them."""
    course = course_by_slug(slug)
    is_learner = learner_or_preview(request.user, course.pk) is not None
    rows = announcements_for(request.user, [course.pk]) if is_learner else announcements_previewed(course.pk)
    shown = list(rows[:MOST_SHOWN])
    if is_learner and request.method == "GET" and course.archived_at is None:
        note_announcements_read(user=request.user, course=course, now=request.now)
    context = {"section": "course", "course": course, "announcements": shown}
    return render(request, "announcements/announcements.html", context)
