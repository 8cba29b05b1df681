"""Regrades over the API (D17): a dry run with a digest; apply, which does exactly that or nothing; undo."""

from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import number
from foundation.paging import PAGING, page_of
from foundation.refusals import refuses
from grading.api.correcting import DONE_OR_PREVIEWED, Correcting, NewestRegrades, foreseen
from grading.serializers.instructing import UndoIn
from people.endpoint import Taught
from people.rules.roles import Permission
from quizzes.selectors import regrade_in, regrades_in
from quizzes.serializers import instructing as shapes
from quizzes.services import RegradePlan, apply_regrade, plan_regrade, plan_undo, undo_regrade


class Regrading(Correcting):
    """Base: plan or apply a regrade or its undo."""

    needs = Permission.REGRADE

    def previewed(self, plan: RegradePlan) -> Response:
        return Response(foreseen(self.course.pk, plan.effects, plan.digest))

    def regrade(self, body: dict[str, Any], service: Callable[..., Any]) -> Response:
        """Apply and return the regrade as it is afterward. If it affects few learners, their grades are up to date."""
        arguments = self.arguments(body) | {"expected": body["expected"]}
        return self.written(shapes.RegradeOut, lambda: regrade_in(self.course.pk, service(**arguments).pk))


class Regrades(Regrading):
    """The regrades of the course, newest first. A POST adds one."""

    @extend_schema(parameters=PAGING, responses=page_of(shapes.RegradeOut))
    def get(self, request: Request, slug: str) -> Response:
        pages = NewestRegrades()
        rows = pages.paginate_queryset(regrades_in(self.course.pk), request, self)
        return pages.get_paginated_response(shapes.RegradeOut(rows, many=True).data)

    @extend_schema(request=shapes.RegradeIn, responses={**DONE_OR_PREVIEWED, 201: shapes.RegradeOut})
    @refuses("regrade_invalid", "blank_response", "invalid_response")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.RegradeIn)
        self.settle()
        what = {name: body[name] for name in ("kind", "version", "variant", "all_variants", "response", "lowers")}
        what["question_id"] = body["question"]
        if body["dry_run"]:
            return self.previewed(plan_regrade(course=self.course, now=self.now, **what))
        return self.regrade(body, partial(apply_regrade, **what))


class OneRegrade(Taught):
    """A regrade, and the progress of its scores."""

    needs = Permission.REGRADE

    @extend_schema(responses=shapes.RegradeOut)
    def get(self, request: Request, slug: str, regrade_id: str) -> Response:
        return Response(shapes.RegradeOut(regrade_in(self.course.pk, number(regrade_id))).data)


class UndoneRegrade(Regrading):
    """Undo a regrade by a further record. Every grade becomes what it would be without the regrade."""

    @extend_schema(request=UndoIn, responses={**DONE_OR_PREVIEWED, 201: shapes.RegradeOut})
    @refuses("nothing_to_undo")
    def post(self, request: Request, slug: str, regrade_id: str) -> Response:
        body, regrade_number = self.read(UndoIn), number(regrade_id)
        self.settle()
        if body["dry_run"]:
            return self.previewed(plan_undo(course=self.course, regrade_id=regrade_number, now=self.now))
        return self.regrade(body, partial(undo_regrade, regrade_id=regrade_number))
