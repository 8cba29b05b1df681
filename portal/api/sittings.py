from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.refusals import Refusal
from portal.api.endpoint import Endpoint
from portal.serializers.assessments import SittingOut
from quizzes.selectors import assessment_by_id, sitting_of
from quizzes.services import end_sitting, start_sitting


class Start(Endpoint):
    """Start an exam (201) or resume the one that runs, with the same deadline (200)."""

    @extend_schema(request=None, responses={200: SittingOut, 201: SittingOut})
    def post(self, request: Request, assessment_id: str) -> Response:
        self.read_nothing()
        assessment = assessment_by_id(assessment_id)

        def answer() -> tuple[int, dict[str, Any]]:
            sitting, is_new = start_sitting(learner=request.user, assessment=assessment, now=self.now)
            return (201 if is_new else 200), self.body(sitting)

        return self.once(answer)

    def body(self, sitting: Any) -> dict[str, Any]:
        return dict(SittingOut(sitting, context={"now": self.now}).data)


class OneSitting(Endpoint):
    """A sitting's instants; the deadline may have grown since they were read last. One made void is not found."""

    @extend_schema(responses=SittingOut)
    def get(self, request: Request, sitting_id: str) -> Response:
        self.settle()
        sitting = sitting_of(request.user.pk, sitting_id)
        if sitting.is_void:
            raise Refusal("not_found")
        return Response(SittingOut(sitting, context={"now": self.now}).data)


class Submit(Endpoint):
    """Hand in: what was saved and not checked is graded. Again is harmless."""

    @extend_schema(request=None, responses=SittingOut)
    def post(self, request: Request, sitting_id: str) -> Response:
        self.read_nothing()
        self.settle()

        def answer() -> tuple[int, dict[str, Any]]:
            sitting = end_sitting(learner=request.user, sitting_id=sitting_id, now=self.now)
            return 200, dict(SittingOut(sitting, context={"now": self.now}).data)

        return self.once(answer)
