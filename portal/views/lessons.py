from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course.rules.refusals import Refusal
from course.selectors import active_enrollment, lesson_by_id
from course.services import mark_lesson_done, open_lesson
from portal.selectors import reading_of


def lesson(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Lesson 1 and what stands outside the modules are open to anyone; the others ask for an account (D28)."""
    found = lesson_by_id(lesson_id)
    if not found.is_open and not request.user.is_authenticated:
        messages.info(request, _("The first lesson is open to everyone; from the second on, reading takes an account."))
        return redirect_to_login(request.get_full_path())
    course = found.module.course
    reading = reading_of(found, request.user.pk)
    enrollment = active_enrollment(request.user, course.pk)
    is_preview = request.user.is_staff and (enrollment is None or not enrollment.is_learner)
    keeps = request.user.is_authenticated and not is_preview
    if keeps and not reading.is_opened:
        open_lesson(user=request.user, lesson=found, now=request.now)
    context = {
        "section": "course",
        "course": course,
        "lesson": found,
        "reading": reading,
        "needle": reading.needle,
        "enrollment": enrollment,
        "is_preview": is_preview,
        "keeps": keeps,
        "has_runs": any(listing["run"] for listing in found.listings),
    }
    return render(request, "portal/lesson.html", context)


@require_POST
@login_required
def lesson_done(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """The end was reached: by the button, or by a script that saw it come into view (then nothing is answered)."""
    found = lesson_by_id(lesson_id)
    enrollment = active_enrollment(request.user, found.module.course_id)
    if request.user.is_staff and (enrollment is None or not enrollment.is_learner):
        raise Refusal("preview_only")
    mark_lesson_done(user=request.user, lesson=found, now=request.now)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    following = reading_of(found, request.user.pk).after
    return redirect(following.url) if following else redirect("course", found.module.course.slug)
