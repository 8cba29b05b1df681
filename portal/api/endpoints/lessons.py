from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.recordings import recordings_in
from course.rules.schedule import refuse_before_opening
from course.selectors import lesson_by_id
from foundation.frame.endpoint import Endpoint
from foundation.permissions import Anyone, InScope
from foundation.refusals import refuses
from foundation.serializers import json_of
from lessons.selectors import visits_of_reader
from lessons.serializers import PlaceIn
from lessons.services import mark_lesson_done, remember_section
from people.access import access_of, can_read_lesson, refuse_in_preview, refuse_to_open, refuse_to_show, refuse_unseen
from portal.api.selectors import lesson_progress
from portal.api.serializers import learning


@extend_schema(responses=learning.LessonOut)
@refuses("not_authenticated", refuse_to_open)
class OneLesson(Endpoint):
    """A lesson as HTML and as its source, with its video and audio recordings. Anyone may read the open ones (D28)."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request, lesson_id: str) -> Response:
        lesson = lesson_by_id(lesson_id)
        refuse_to_show(request.user, lesson.module.course)
        if not can_read_lesson(request.user, lesson):
            raise NotAuthenticated
        refuse_to_open(request.user, lesson.module.course_id, lesson.opens_at, self.now)
        visits = visits_of_reader(self.person.pk) if request.user.is_authenticated else {}
        state = lesson_progress(visits.get(lesson.pk))
        fields = ("title", "minutes", "html", "source")
        body = {"id": lesson.pk, "state": state} | {name: getattr(lesson, name) for name in fields}
        if recordings := recordings_in(lesson.html):
            body["recordings"] = recordings
        return Response(json_of(learning.LessonOut, body))


@extend_schema(request=None, responses={204: None})
@refuses(refuse_in_preview, "module_not_open", "course_archived")
class Done(Endpoint):
    """Mark a lesson as read. This needs an account, but no enrollment; a staff preview stores nothing."""

    takes_key = False

    permission_classes = [InScope]

    def post(self, request: Request, lesson_id: str) -> Response:
        self.read_nothing()
        lesson = lesson_by_id(lesson_id)
        access = access_of(request.user, lesson.module.course_id)
        refuse_unseen(access)
        refuse_in_preview(access)
        refuse_before_opening("module", opens_at=lesson.opens_at, now=self.now)
        mark_lesson_done(user=self.person, lesson=lesson, now=self.now)
        return Response(status=204)


@extend_schema(request=PlaceIn, responses={204: None})
@refuses(refuse_in_preview, "module_not_open", "course_archived")
class LastSection(Endpoint):
    """Record the section of a lesson that you saw last: the id of its heading, or empty above the first heading."""

    permission_classes = [InScope]

    def put(self, request: Request, lesson_id: str) -> Response:
        section = self.read(PlaceIn)["section"]
        lesson = lesson_by_id(lesson_id)
        access = access_of(request.user, lesson.module.course_id)
        refuse_unseen(access)
        refuse_in_preview(access)
        refuse_before_opening("module", opens_at=lesson.opens_at, now=self.now)
        remember_section(user=self.person, lesson=lesson, section=section, now=self.now)
        return Response(status=204)
