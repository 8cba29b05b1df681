"""Releases of correct answers that assessments hold back (D33)."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.refusals import refuses
from grading.api.correcting import Correcting
from people.rules.roles import Permission
from quizzes.selectors import ReleaseState, release_state, releases_in
from quizzes.serializers import instructing as shapes
from quizzes.services import release_assessment, undo_release


class Releasing(Correcting):
    """Base: release an assessment, or hold it back again."""

    needs = Permission.RELEASE

    def decide(self, service: Callable[..., object]) -> Response:
        body = self.read(shapes.ReleaseIn)
        self.settle()

        def act() -> ReleaseState:
            service(assessment_id=body["assessment"], **self.arguments(body))
            return release_state(self.course.pk, body["assessment"], self.now)

        return self.written(shapes.ReleaseStateOut, act)


class Releases(Releasing):
    """From when on learners see the keys and explanations of each assessment. A POST releases what one of them holds back."""

    @extend_schema(responses=shapes.ReleaseStates)
    def get(self, request: Request, slug: str) -> Response:
        self.settle()
        return Response(shapes.ReleaseStates({"assessments": releases_in(self.course.pk, self.now)}).data)

    @extend_schema(request=shapes.ReleaseIn, responses={201: shapes.ReleaseStateOut})
    @refuses("nothing_held_back", "already_released")
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(release_assessment)


class UndoneReleases(Releasing):
    """Hold back again what was released. Learners may already have seen it."""

    @extend_schema(request=shapes.ReleaseIn, responses={201: shapes.ReleaseStateOut})
    @refuses("nothing_to_undo")
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(undo_release)
