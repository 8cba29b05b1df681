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
from labs.lab_dates import lab_opens_at
from labs.models import Lab
from labs.rules.cells import read_cells
from labs.selectors import Results, draft_of, kept_versions, lab_by_id, lab_for, results_of, runs_of
from labs.serializers import LabDraftIn
from labs.services import end_session, order_free_run, order_lab_run, order_listing_run, save_lab_draft
from labs.workbench import ModelSolution, lab_late_share, learners_solution, previewed_solution
from people.access import (
    learner_or_preview,
    refuse_stranger,
    refuse_to_open,
    refuse_unless_enrolled,
    refuse_unless_working,
)


@extend_schema(responses=serializers.LabOut)
@refuses(refuse_stranger, refuse_to_open)
class OneLab(Endpoint):
    """Cells, test names, your own draft and results, and the model solution once it has opened for you.

    `solution_opens` says when that is; `solution_runs` is how many finished test runs it takes with "after_runs". While a
    lab that counts is open for you, `may_use_solution` is false: a client must not fill your cells with the solution.
    """

    is_conditional = True

    def get(self, request: Request, lab_id: str) -> Response:
        lab = lab_by_id(lab_id)
        learner_id = learner_or_preview(self.person, lab.course_id)
        refuse_to_open(self.person, lab.course_id, lab_opens_at(lab, self.person.pk), self.now)
        results = results_of(lab, self.person.pk)
        solution = (
            previewed_solution(lab, self.person)
            if learner_id is None
            else learners_solution(lab, learner_id, results, self.now)
        )
        return Response(lab_body(lab, self.person.pk, results, solution, self.now))


def lab_body(lab: Lab, person_id: int, results: Results, solution: ModelSolution, now: datetime) -> dict[str, object]:
    fields = ("title", "runtime", "minutes", "limits", "cells", "tests")
    body = {"id": lab.pk} | {name: getattr(lab, name) for name in fields}
    body |= {"draft": draft_of(lab, person_id), "results": results, "late": lab_late_share(lab, person_id, now)}
    terms, view = solution.terms, solution.view
    body |= {"solution_opens": terms.opens, "may_use_solution": view.is_usable}
    body["solution_runs"] = terms.runs if terms.opens == "after_runs" else None
    return dict(serializers.LabOut(body | {"solution": read_cells(lab.solution) if view.is_shown else None}).data)


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
