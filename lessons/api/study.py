from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.paging import PAGING, Pages, page_of
from foundation.refusals import refuses
from lessons import serializers as study
from lessons.selectors import noted_lesson, notes_as_markdown, notes_in_course, notes_in_lesson, placed_notes
from lessons.services import delete_study_note, save_study_note
from people.access import course_seen, refuse_to_show

PAGE_OF_NOTES = page_of(study.NoteOut)
FORMAT = OpenApiParameter("format", str, enum=["json", "markdown"])
GONE = "This passage is no longer in the lesson."


class LessonNotes(Endpoint):
    """Your own notes in a lesson. Nobody else can read them."""

    @extend_schema(parameters=PAGING, responses=PAGE_OF_NOTES)
    @refuses()
    def get(self, request: Request, lesson_id: str) -> Response:
        course = noted_lesson(lesson_id).module.course
        refuse_to_show(request.user, course)
        pages = Pages()
        rows = pages.paginate_queryset(notes_in_lesson(self.person.pk, lesson_id), request, self)
        return pages.get_paginated_response(study.NoteOut(placed_notes(rows or [], course.pk), many=True).data)


class OneNote(Endpoint):
    """A note of your own. You choose its id: 8 to 32 letters and digits, for example a random number in hexadecimal."""

    @extend_schema(request=study.NoteIn, responses=study.NoteOut)
    @refuses("preview_only", "module_not_open", "course_archived", "note_unfit", "too_many_notes", "stale_note")
    def put(self, request: Request, lesson_id: str, note_id: str) -> Response:
        """Create a note, or save its text. `revision` is the one that you know, or 0 before the first save. The passage
        of a note cannot change.
        """
        body = self.read(study.NoteIn)
        lesson = noted_lesson(lesson_id)
        note = save_study_note(user=self.person, lesson=lesson, key=note_id, now=self.now, **body)
        (placed,) = placed_notes([note], lesson.module.course_id)
        return Response(study.NoteOut(placed).data)

    @extend_schema(responses={204: None})
    @refuses("preview_only", "module_not_open", "course_archived")
    def delete(self, request: Request, lesson_id: str, note_id: str) -> Response:
        """Delete a note. To undo that, send it again."""
        delete_study_note(user=self.person, lesson=noted_lesson(lesson_id), key=note_id, now=self.now)
        return Response(status=204)


class CourseNotes(Endpoint):
    """Your own notes in a course, as pages of JSON, or all of them as a Markdown text."""

    @extend_schema(
        parameters=[*PAGING, FORMAT],
        responses={
            (200, "application/json"): PAGE_OF_NOTES,
            (200, "text/markdown"): OpenApiTypes.STR,
        },
    )
    @refuses()
    def get(self, request: Request, slug: str) -> HttpResponse | Response:
        course = course_seen(request.user, slug)
        if self.is_markdown(request):
            text = notes_as_markdown(self.person.pk, course, gone=GONE)
            return HttpResponse(text, content_type="text/markdown; charset=utf-8")
        pages = Pages()
        rows = pages.paginate_queryset(notes_in_course(self.person.pk, course.pk), request, self)
        return pages.get_paginated_response(study.NoteOut(placed_notes(rows or [], course.pk), many=True).data)

    def is_markdown(self, request: Request) -> bool:
        asked = request.query_params.getlist("format") or ["json"]
        if asked not in (["json"], ["markdown"]):
            raise ValidationError({"format": "json or markdown."})
        if asked == ["markdown"] and {"cursor", "page_size"} & set(request.query_params):
            raise ValidationError({"format": "The text comes whole: leave out cursor and page_size."})
        return asked == ["markdown"]
