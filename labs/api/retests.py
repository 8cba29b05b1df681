"""Regrades of labs over the API (D17): run stored test runs again, preview, apply exactly that or nothing, undo."""

from collections.abc import Callable
from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import number
from foundation.idempotency import Answer
from foundation.paging import PAGING, page_of
from foundation.refusals import refuses
from grading.api.correcting import DONE_OR_PREVIEWED, Correcting, NewestRegrades, foreseen
from grading.serializers.instructing import UndoIn
from labs.models import LabRegrade
from labs.refusals import Refusal
from labs.retests import failures_in, lab_regrade_in, lab_regrades_in, retest_in
from labs.selectors import lab_in
from labs.serializers import retests as shapes
from labs.services import (
    LabRegradePlan,
    apply_lab_regrade,
    begin_retest,
    cancel_retest,
    plan_lab_regrade,
    plan_lab_undo,
    undo_lab_regrade,
)
from people.endpoint import Taught, learner_names
from people.rules.roles import Permission
from people.selectors import learners_in


class Retests(Taught):
    """Begin to run a lab's stored test runs again with its tests as they are now, in the background."""

    needs = Permission.REGRADE

    @extend_schema(request=shapes.RetestIn, responses={201: shapes.RetestOut})
    @refuses("nothing_to_retest", "retest_running")
    def post(self, request: Request, slug: str) -> Response:
        lab_id = self.read(shapes.RetestIn)["lab"]

        def answer() -> Answer:
            made = begin_retest(course=self.course, lab_id=lab_id, author=self.person, now=self.now)
            return 201, dict(shapes.RetestOut(retest_in(self.course.pk, made.pk)).data)

        return self.once(answer)


class OneRetest(Taught):
    """A retest and its progress."""

    needs = Permission.REGRADE

    @extend_schema(responses=shapes.RetestOut)
    def get(self, request: Request, slug: str, retest_id: str) -> Response:
        return Response(shapes.RetestOut(retest_in(self.course.pk, number(retest_id))).data)


class CanceledRetest(Taught):
    """End a retest before it has run everything. One that has ended does not change."""

    needs = Permission.REGRADE
    takes_key = False

    @extend_schema(request=None, responses=shapes.RetestOut)
    @refuses()
    def post(self, request: Request, slug: str, retest_id: str) -> Response:
        self.read_nothing()
        canceled = cancel_retest(course=self.course, retest_id=number(retest_id), now=self.now)
        return Response(shapes.RetestOut(canceled).data)


class LabFailures(Taught):
    """Each test of a lab with the messages that learners get now, the most common first, by their newest test runs.

    "…" stands for numbers in which messages differ.
    """

    needs = Permission.SEE_ANALYSIS

    @extend_schema(responses=shapes.LabFailuresOut)
    def get(self, request: Request, slug: str, lab_id: str) -> Response:
        lab = lab_in(self.course.pk, lab_id)
        if lab is None:
            raise Refusal("not_found")
        people = {learner.user_id: learner for learner in learners_in(self.course.pk)}
        tests = [
            {
                "name": test.name,
                "points": test.points,
                "tested": test.learners,
                "failing": test.failing,
                "messages": [
                    {"message": alike.message, "learners": [learner_names(people[pk]) for pk in alike.learners]}
                    for alike in test.alike
                ],
            }
            for test in failures_in(lab, list(people))
        ]
        return Response(shapes.LabFailuresOut({"lab": lab.pk, "tests": tests}).data)


class LabRegrading(Correcting):
    """Base: plan or apply a regrade of a lab or its undo."""

    needs = Permission.REGRADE

    def previewed(self, plan: LabRegradePlan) -> Response:
        return Response(foreseen(self.course.pk, plan.effects, plan.digest))

    def regrade(self, body: dict[str, object], service: Callable[..., LabRegrade]) -> Response:
        """Apply and return the regrade. The grades that it changes are up to date."""
        arguments = self.arguments(body) | {"expected": body["expected"]}
        return self.written(shapes.LabRegradeOut, lambda: lab_regrade_in(self.course.pk, service(**arguments).pk))

    @property
    def asked(self) -> dict[str, object]:
        """Return what a plan needs besides the retest or the regrade."""
        return {"course": self.course, "now": self.now}


class LabRegrades(LabRegrading):
    """The regrades of the course's labs, newest first. A POST lets the results of a retest count."""

    @extend_schema(parameters=PAGING, responses=page_of(shapes.LabRegradeOut))
    def get(self, request: Request, slug: str) -> Response:
        pages = NewestRegrades()
        rows = pages.paginate_queryset(lab_regrades_in(self.course.pk), request, self)
        return pages.get_paginated_response(shapes.LabRegradeOut(rows, many=True).data)

    @extend_schema(request=shapes.LabRegradeIn, responses={**DONE_OR_PREVIEWED, 201: shapes.LabRegradeOut})
    @refuses("retest_unfinished", "retest_applied")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.LabRegradeIn)
        self.settle()
        what = {"retest_id": number(body["retest"]), "lowers": body["lowers"]}
        if body["dry_run"]:
            return self.previewed(plan_lab_regrade(**what, **self.asked))
        return self.regrade(body, partial(apply_lab_regrade, **what))


class UndoneLabRegrade(LabRegrading):
    """Undo a regrade of a lab by a further record. Every grade becomes what it would be without the regrade."""

    @extend_schema(request=UndoIn, responses={**DONE_OR_PREVIEWED, 201: shapes.LabRegradeOut})
    @refuses("nothing_to_undo")
    def post(self, request: Request, slug: str, lab_regrade_id: str) -> Response:
        body, regrade_number = self.read(UndoIn), number(lab_regrade_id)
        self.settle()
        if body["dry_run"]:
            return self.previewed(plan_lab_undo(regrade_id=regrade_number, **self.asked))
        return self.regrade(body, partial(undo_lab_regrade, regrade_id=regrade_number))
