"""A learner's own notes in lessons: saved while they type, and listed by course. Nobody else sees them."""

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.numbers import number_in
from lessons.refusals import Refusal
from lessons.selectors import noted_lesson, notes_as_markdown, notes_in_course, notes_in_lesson, placed_notes
from lessons.services import delete_study_note, save_study_note
from people.access import access_of, course_seen

if TYPE_CHECKING:
    from course.models import Course
    from lessons.models import StudyNote

PASSAGE = ("section", "quote", "before", "after")


@require_safe
@login_required
def notes(request: HttpRequest, slug: str) -> HttpResponse:
    """List a learner's notes in a course, by lesson."""
    return notes_page(request, course_seen(request.user, slug))


def notes_page(request: HttpRequest, course: "Course", deleted: "StudyNote | None" = None) -> HttpResponse:
    """Return the list. `deleted` is the note that was deleted just now, which a button brings back."""
    placed = placed_notes(notes_in_course(request.user.pk, course.pk), course.pk)
    lessons = [(lesson, list(in_lesson)) for lesson, in_lesson in groupby(placed, lambda row: row.note.lesson)]
    context = {
        "section": "course",
        "course": course,
        "lessons": lessons,
        "deleted": deleted,
        "access": access_of(request.user, course.pk).value,
    }
    return render(request, "lessons/notes.html", context)


@require_safe
@login_required
def notes_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a learner's notes in a course as a Markdown file."""
    course = course_seen(request.user, slug)
    text = notes_as_markdown(request.user.pk, course, gone=_("This passage is no longer in the lesson."))
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="notes-{course.slug}.md"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def note(request: HttpRequest, lesson_id: str, note_id: str) -> HttpResponse:
    """Save a note. A script gets the revision and the time of the save, or the stored note if another window saved since."""
    try:
        saved = saved_note(request, lesson_id, note_id)
    except Refusal as refusal:
        if not is_script(request):
            raise
        body = {"code": refusal.code, "detail": refusal.sentence, **refusal.facts}
        return JsonResponse(body, status=refusal.status)
    if is_script(request):
        words = date_format(localtime(saved.saved_at), "H:i:s")
        return JsonResponse({"revision": saved.revision, "saved_at": saved.saved_at, "words": words})
    messages.success(request, _("Your note was saved."))
    return redirect("notes", saved.lesson.module.course.slug)


def saved_note(request: HttpRequest, lesson_id: str, note_id: str) -> "StudyNote":
    """Save the note that the form holds. Raises what `save_study_note` raises."""
    return save_study_note(
        user=request.user,
        lesson=noted_lesson(lesson_id),
        key=note_id,
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        revision=number_in(request.POST, "revision"),
        now=request.now,
        **{name: request.POST.get(name, "") for name in PASSAGE},
    )


def is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_POST
@login_required
def delete_note(request: HttpRequest, lesson_id: str, note_id: str) -> HttpResponse:
    """Delete a note, and show the list with a button that brings it back. A script gets an empty answer."""
    lesson = noted_lesson(lesson_id)
    deleted = notes_in_lesson(request.user.pk, lesson_id).filter(key=note_id).first()
    delete_study_note(user=request.user, lesson=lesson, key=note_id, now=request.now)
    if is_script(request):
        return JsonResponse({})
    return notes_page(request, lesson.module.course, deleted)
