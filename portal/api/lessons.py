from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from course.permissions import Anyone, InScope
from course.rules.refusals import Refusal
from course.selectors import active_enrollment, lesson_by_id, visits_of
from course.services import mark_lesson_done
from portal.api.endpoint import Endpoint
from portal.selectors.api_outline import lesson_state
from portal.serializers import learning


@extend_schema(responses=learning.LessonOut)
class OneLesson(Endpoint):
    """A lesson as HTML and as its source; the open ones for anyone (D28)."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request, lesson_id: str) -> Response:
        lesson = lesson_by_id(lesson_id)
        if not lesson.is_open and not request.user.is_authenticated:
            raise NotAuthenticated
        visits = visits_of(request.user, lesson.module.course) if request.user.is_authenticated else {}
        state = lesson_state(visits.get(lesson.pk))
        fields = ("title", "minutes", "html", "source")
        body = {"id": lesson.pk, "state": state} | {name: getattr(lesson, name) for name in fields}
        return Response(learning.LessonOut(body).data)


@extend_schema(request=None, responses={204: None})
class Done(Endpoint):
    """The end of a lesson was reached."""

    permission_classes = [InScope]

    def post(self, request: Request, lesson_id: str) -> Response:
        self.read_nothing()
        lesson = lesson_by_id(lesson_id)
        enrollment = active_enrollment(request.user, lesson.module.course_id)
        if enrollment is None or not enrollment.is_learner:
            raise Refusal("preview_only" if request.user.is_staff else "not_enrolled")
        mark_lesson_done(user=request.user, lesson=lesson, now=self.now)
        return Response(status=204)
