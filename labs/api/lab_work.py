"""A learner's work in a lab, for instructors who opened it with a reason."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import number
from foundation.idempotency import Answer
from foundation.paging import PAGING, NewestPages
from foundation.refusals import refuses
from labs import serializers as serializers
from labs.api.runs import COSTLY
from labs.history import ran_cells, run_in_lab
from labs.models import Lab, Run
from labs.refusals import Refusal
from labs.selectors import lab_in, outputs_on_page, runs_of
from labs.services import open_lab_work, refuse_unopened
from people.access import learner_in
from people.endpoint import Taught
from people.rules.roles import Permission


class LearnersLab(Taught):
    """Base of the endpoints for one learner's work in one lab."""

    needs = Permission.READ_LAB_WORK
    is_for_limited = True

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        lab = lab_in(self.course.pk, kwargs["lab_id"])
        if lab is None:
            raise Refusal("not_found")
        self.lab: Lab = lab
        self.learner_id: int = learner_in(self.course.pk, number(kwargs["learner_id"])).user_id

    def refuse_unopened(self) -> None:
        refuse_unopened(course=self.course, lab=self.lab, learner_id=self.learner_id, reader=self.person, now=self.now)


class OpeningOfLab(LearnersLab):
    """Open a learner's work in a lab for 12 hours. The audit keeps the reason."""

    is_for_archive = True

    @extend_schema(request=serializers.LabOpeningIn, responses={201: serializers.LabOpeningOut})
    @refuses()
    def post(self, request: Request, slug: str, learner_id: str, lab_id: str) -> Response:
        reason = self.read(serializers.LabOpeningIn)["reason"]

        def answer() -> Answer:
            until = open_lab_work(
                course=self.course,
                lab=self.lab,
                learner_id=self.learner_id,
                reason=reason,
                author=self.person,
                now=self.now,
            )
            return 201, dict(serializers.LabOpeningOut({"open_until": until}).data)

        return self.once(answer)


class LearnerRuns(LearnersLab):
    """A learner's runs of a lab, newest first. Open the work first."""

    @extend_schema(parameters=PAGING, responses=serializers.RUN_PAGE)
    @refuses("lab_work_unopened")
    def get(self, request: Request, slug: str, learner_id: str, lab_id: str) -> Response:
        self.refuse_unopened()
        pages = NewestPages()
        rows = pages.paginate_queryset(runs_of(self.lab, self.learner_id), request, self)
        return pages.get_paginated_response(serializers.RunRow(rows, many=True).data)


@refuses("lab_work_unopened")
class OpenedRun(LearnersLab):
    """Base of the endpoints that show one run of opened work."""

    def opened(self, run_id: str) -> Run:
        """Return the run with its code. Raises Refusal lab_work_unopened, not_found."""
        self.refuse_unopened()
        run = run_in_lab(self.lab, self.learner_id, run_id)
        if run.size > COSTLY and not self.has_turn:
            self.take_turn()
        return run

    def page_address(self, run: Run, number: int) -> str:
        path = (
            f"/api/v1/courses/{self.course.slug}/learners/{self.learner_id}/labs/{self.lab.pk}/runs/{run.pk}/outputs/"
        )
        address: str = self.request.build_absolute_uri(f"{path}?cursor={number}")
        return address


class LearnerRun(OpenedRun):
    """One run: the code of each cell and its code before, the tests, and the first page of the outputs.

    `before` is the code that the learner ran in the cell before, in the run `run_before`; if that is null, it is the
    lab's starting code. `cells` is empty if the code is no longer kept. `outputs_next` is the address of the next page, or
    null.
    """

    is_costly = True  # as RunCode is: the code before may be far longer than the run

    @extend_schema(responses=serializers.LearnerRunOut)
    def get(self, request: Request, slug: str, learner_id: str, lab_id: str, run_id: str) -> Response:
        run = self.opened(run_id)
        outputs, has_more = outputs_on_page(self.learner_id, run.pk, 0)
        more = {"outputs_next": self.page_address(run, 1) if has_more else None}
        run.outputs = outputs if run.state == Run.State.FINISHED else []
        return Response(serializers.LearnerRunOut(run, context={"cells": ran_cells(run), **more}).data)


class LearnerRunOutputs(OpenedRun):
    """The outputs of a learner's run, in pages: start without a cursor, then follow `next` until it is null."""

    @extend_schema(parameters=[serializers.OutputCursor], responses=serializers.OutputPageOut)
    def get(self, request: Request, slug: str, learner_id: str, lab_id: str, run_id: str) -> Response:
        page = self.read_query(serializers.OutputCursor).get("cursor", 0)
        run = self.opened(run_id)
        outputs, has_more = outputs_on_page(self.learner_id, run.pk, page)
        body = {
            "next": self.page_address(run, page + 1) if has_more else None,
            "previous": self.page_address(run, page - 1) if page else None,
            "results": outputs,
        }
        return Response(serializers.OutputPageOut(body).data)
