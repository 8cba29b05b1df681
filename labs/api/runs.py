from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.endpoint import Endpoint
from labs.selectors import run_of
from labs.serializers import RunOut
from labs.services import stop_run


@extend_schema(responses=RunOut)
class OneRun(Endpoint):
    """A run of one's own: state, place in the queue, and in the end verdict, outputs and tests."""

    def get(self, request: Request, run_id: str) -> Response:
        return Response(RunOut(run_of(request.user.pk, run_id)).data)


class Stop(Endpoint):
    """End a run; again is harmless."""

    @extend_schema(request=None, responses=RunOut)
    def post(self, request: Request, run_id: str) -> Response:
        self.read_nothing()

        def answer() -> tuple[int, dict[str, Any]]:
            return 200, dict(RunOut(stop_run(learner=request.user, run_id=run_id, now=self.now)).data)

        return self.once(answer)
