from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.idempotency import Answer
from foundation.refusals import refuses
from labs.history import own_run, ran_cells
from labs.selectors import outputs_on_page, run_with_output
from labs.serializers import OutputCursor, OutputPageOut, RunCodeOut, RunOut
from labs.services import stop_run

COSTLY = 64 << 10  # bytes of code and output; up to this, an answer costs no more than any other


@extend_schema(responses=RunOut)
@refuses()
class OneRun(Endpoint):
    """Your own run: state, position in the queue, and finally verdict, tests and the first page of its outputs.

    `outputs_next` is the address of the next page, or null.
    """

    def get(self, request: Request, run_id: str) -> Response:
        run = run_with_output(self.person.pk, run_id, before_output=self.before_output)
        return Response(RunOut(run, context={"next": next_page(request, run.pk, 0, run.has_more)}).data)

    def before_output(self, size: int) -> None:
        if size > COSTLY:
            self.take_turn()


class RunCode(Endpoint):
    """The code of your own run: each cell with its code before, as in an instructor's `runs/{run_id}/`."""

    is_costly = True

    @extend_schema(responses=RunCodeOut)
    @refuses()
    def get(self, request: Request, run_id: str) -> Response:
        return Response(RunCodeOut({"cells": ran_cells(own_run(self.person.pk, run_id))}).data)


class RunOutputs(Endpoint):
    """The outputs of a finished run, in pages: start without a cursor, then follow `next` until it is null."""

    is_costly = True

    @extend_schema(parameters=[OutputCursor], responses=OutputPageOut)
    @refuses()
    def get(self, request: Request, run_id: str) -> Response:
        number = self.read_query(OutputCursor).get("cursor", 0)
        outputs, has_more = outputs_on_page(self.person.pk, run_id, number)
        before = page_address(request, run_id, number - 1) if number else None
        page = {"next": next_page(request, run_id, number, has_more), "previous": before, "results": outputs}
        return Response(OutputPageOut(page).data)


@extend_schema(responses=RunOut)
class Stop(Endpoint):
    """Stop a run. Stopping again is harmless. The answer leaves out the outputs; read them from the run."""

    @extend_schema(request=None, responses=RunOut)
    @refuses()
    def post(self, request: Request, run_id: str) -> Response:
        self.read_nothing()

        def answer() -> Answer:
            return 200, dict(RunOut(stop_run(learner=self.person, run_id=run_id, now=self.now)).data)

        return self.once(answer)


def next_page(request: Request, run_id: str, number: int, has_more: bool) -> str | None:
    return page_address(request, run_id, number + 1) if has_more else None


def page_address(request: Request, run_id: str, number: int) -> str:
    address: str = request.build_absolute_uri(f"/api/v1/runs/{run_id}/outputs/?cursor={number}")
    return address
