from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import lesson_by_id
from foundation.frame.endpoint import Endpoint, leads
from foundation.idempotency import Answer
from foundation.paging import PAGING, NewestPages
from foundation.refusals import refuses
from labs import serializers as serializers
from labs.models import Lab
from labs.rules.cells import read_cells
from labs.rules.results import may_show_solution
from labs.selectors import draft_of, kept_versions, lab_by_id, lab_for, results_of, runs_of
from labs.serializers import LabDraftIn
from labs.services import end_session, order_free_run, order_lab_run, order_listing_run, save_lab_draft
from labs.workbench import lab_late_share
from people.access import refuse_stranger, refuse_to_open, refuse_unless_enrolled, refuse_unless_working


@extend_schema(responses=serializers.LabOut)
@refuses(refuse_stranger, refuse_to_open)
class OneLab(Endpoint):
    """Cells, test names, your own draft and results. The model solution is included after a pass or three finished test runs."""

    is_conditional = True

    def get(self, request: Request, lab_id: str) -> Response:
        lab = lab_for(self.person, lab_id)
        refuse_to_open(self.person, lab.course_id, lab.dates.opens_at, self.now)
        return Response(lab_body(lab, self.person.pk, self.now))


def lab_body(lab: Lab, learner_id: int, now: datetime) -> dict[str, object]:
    results = results_of(lab, learner_id)
    shows_solution = may_show_solution(finished_tests=results.finished, passed=results.passed)
    fields = ("title", "runtime", "minutes", "limits", "cells", "tests")
    body = {"id": lab.pk} | {name: getattr(lab, name) for name in fields}
    body |= {"draft": draft_of(lab, learner_id), "results": results, "late": lab_late_share(lab, learner_id, now)}
    return dict(serializers.LabOut(body | {"solution": read_cells(lab.solution) if shows_solution else None}).data)


class SaveLabDraft(Endpoint):
    """Save the cells without running anything."""

    @extend_schema(request=LabDraftIn, responses=serializers.LabDraftSaved)
    @refuses(refuse_unless_working, "cell_unknown", "stale_draft")
    def put(self, request: Request, lab_id: str) -> Response:
        body = self.read(LabDraftIn)
        saved = save_lab_draft(learner=self.person, lab=lab_by_id(lab_id), now=self.now, **body)
        return Response(serializers.LabDraftSaved(saved).data)


@extend_schema(responses=serializers.LabVersionOut(many=True))
@refuses(refuse_stranger)
class LabVersions(Endpoint):
    """The versions of your code that were replaced by a save with `keeps_replaced` or with fewer cells, newest first."""

    def get(self, request: Request, lab_id: str) -> Response:
        kept = kept_versions(lab_for(self.person, lab_id), self.person.pk)
        rows = [{**version, "saved_at": datetime.fromisoformat(str(version["saved_at"]))} for version in kept]
        return Response(serializers.LabVersionOut(rows, many=True).data)


class LabRuns(Endpoint):
    """Your own runs of the lab, newest first. Run one cell or all in the live session, or the tests in a fresh process."""

    @extend_schema(parameters=PAGING, responses=serializers.RUN_PAGE)
    @leads(run_id="/results/0/id")
    @refuses(refuse_stranger)
    def get(self, request: Request, lab_id: str) -> Response:
        pages = NewestPages()
        rows = pages.paginate_queryset(runs_of(lab_for(self.person, lab_id), self.person.pk), request, self)
        return pages.get_paginated_response(serializers.RunRow(rows, many=True).data)

    @extend_schema(request=serializers.LabRunIn, responses={202: serializers.RunOut})
    @leads(run_id="/id")
    @refuses(
        refuse_unless_working, "module_not_open", "module_closed", "cell_unknown", "lab_queue_full", "too_many_runs"
    )
    def post(self, request: Request, lab_id: str) -> Response:
        body, lab = self.read(serializers.LabRunIn), lab_by_id(lab_id)

        def answer() -> Answer:
            run = order_lab_run(learner=self.person, lab=lab, now=self.now, **body)
            return 202, dict(serializers.RunOut(run).data)

        return self.once(answer)


class LabSession(Endpoint):
    """Reset: the live session's state is lost, and the next run starts a new session."""

    @extend_schema(responses={204: None})
    @refuses()
    def delete(self, request: Request, lab_id: str) -> Response:
        end_session(learner=self.person, place_id=f"lab:{lab_id}", now=self.now)
        return Response(status=204)


class FreeRuns(Endpoint):
    """Run your own code in a fresh process."""

    @extend_schema(request=serializers.FreeRunIn, responses={202: serializers.RunOut})
    @leads(run_id="/id")
    @refuses(refuse_unless_enrolled, "lab_queue_full", "too_many_runs")
    def post(self, request: Request) -> Response:
        body = self.read(serializers.FreeRunIn)

        def answer() -> Answer:
            run = order_free_run(learner=self.person, now=self.now, **body)
            return 202, dict(serializers.RunOut(run).data)

        return self.once(answer)


class ListingRuns(Endpoint):
    """Run a lesson's listing, edited or not, in the session of the open page.

    With `check`, the listing runs in a fresh process and its hidden test follows; the run succeeds if the test passes.
    """

    @extend_schema(request=serializers.ListingRunIn, responses={202: serializers.RunOut})
    @leads(run_id="/id")
    @refuses(
        refuse_unless_working,
        "module_not_open",
        "listing_unknown",
        "listing_untested",
        "lab_queue_full",
        "too_many_runs",
    )
    def post(self, request: Request, lesson_id: str) -> Response:
        body, lesson = self.read(serializers.ListingRunIn), lesson_by_id(lesson_id)

        def answer() -> Answer:
            run = order_listing_run(learner=self.person, lesson=lesson, now=self.now, **body)
            return 202, dict(serializers.RunOut(run).data)

        return self.once(answer)


class LessonSession(Endpoint):
    """Reset the session of an open page."""

    @extend_schema(parameters=[serializers.OpenPage], responses={204: None})
    @refuses()
    def delete(self, request: Request, lesson_id: str) -> Response:
        page = self.read_query(serializers.OpenPage)["page"]
        end_session(learner=self.person, place_id=f"lesson:{lesson_id}", page=page, now=self.now)
        return Response(status=204)
