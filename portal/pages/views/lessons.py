from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course.rules.schedule import refuse_before_opening
from course.selectors import lesson_by_id, published, published_lesson
from lessons.selectors import terms_in
from lessons.services import mark_lesson_done, open_lesson, remember_section
from people.access import (
    CourseAccess,
    access_from,
    access_of,
    can_read_all_lessons,
    can_read_lesson,
    refuse_in_preview,
    refuse_to_open,
    refuse_to_show,
    refuse_unseen,
)
from people.selectors import active_enrollment
from portal.pages.selectors import reading_of


def lesson(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Show a lesson. Anyone may read lesson 1 and pages outside the modules; the others need an account (D28)."""
    lesson = published_lesson(lesson_id)
    course = lesson.module.course
    refuse_to_show(request.user, course)
    if not can_read_lesson(request.user, lesson):
        messages.info(request, _("Only the first lesson is public. Sign in to read this one."))
        return redirect_to_login(request.get_full_path())
    refuse_to_open(request.user, course.pk, lesson.opens_at, request.now)
    reading = reading_of(lesson, request.user.pk, request.now)
    enrollment = active_enrollment(request.user, course.pk)
    access = access_from(enrollment, visibility=course.visibility, person=request.user)
    is_preview = access is CourseAccess.PREVIEW
    keeps = request.user.is_authenticated and not is_preview and course.archived_at is None
    if keeps and not reading.is_opened:
        open_lesson(user=request.user, lesson=lesson, now=request.now)
    learns, revision = access is CourseAccess.LEARNER, published(course.pk).revision
    context = {
        "section": "course",
        "revision": revision,
        "page_key": ("lesson", revision, lesson.pk, learns),
        "course": course,
        "lesson": lesson,
        "reading": reading,
        "needle": reading.needle,
        "enrollment": enrollment if learns else None,
        "is_preview": is_preview,
        "learns": learns,
        "keeps": keeps,
        "terms": partial(terms_in, lesson, is_reader=can_read_all_lessons(request.user), now=request.now),
        "has_runs": any(listing["run"] for listing in lesson.listings),
    }
    return render(request, "portal/lesson.html", context)


@require_POST
@login_required
def lesson_done(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Record that the end was reached, by the button or by a script that saw it come into view (which gets an empty answer)."""
    lesson = lesson_by_id(lesson_id)
    access = access_of(request.user, lesson.module.course_id)
    refuse_unseen(access)
    refuse_in_preview(access)
    refuse_before_opening("module", opens_at=lesson.opens_at, now=request.now)
    mark_lesson_done(user=request.user, lesson=lesson, now=request.now)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    following = reading_of(lesson, request.user.pk, request.now).after
    return redirect(following.url) if following else redirect("course", lesson.module.course.slug)


@require_POST
@login_required
def lesson_place(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Record that a script saw the reader, and in which section, if it was in one. Answers nothing."""
    lesson = published_lesson(lesson_id)
    access = access_of(request.user, lesson.module.course_id)
    refuse_unseen(access)
    refuse_in_preview(access)
    refuse_before_opening("module", opens_at=lesson.opens_at, now=request.now)
    remember_section(user=request.user, lesson=lesson, section=request.POST.get("section"), now=request.now)
    return HttpResponse(status=204)
