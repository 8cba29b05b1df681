"""Later dates, exam time and extra attempts for many learners in one request, all or nothing."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from foundation.frame.endpoint import number
from foundation.idempotency import Answer
from foundation.refusals import refuses
from foundation.serializers import Moment
from grading.api.correcting import Correcting
from grading.rules.overrides import LineMistake
from people.rules.roles import Permission
from portal.allowances import serializers as shapes
from portal.allowances.rules.allowances import AllowanceLine, allowances_given_twice, mistake_of
from portal.allowances.services import AllowanceImport, extend_activity, import_allowances, plan_allowances


class DateExtensions(Correcting):
    """Give a learner later dates in an assessment or a lab. With neither date, everyone's dates apply again."""

    needs = Permission.EXTEND

    @extend_schema(request=shapes.DateExtensionIn, responses={201: shapes.DateExtensionOut})
    @refuses("date_not_later", "nothing_to_undo")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.DateExtensionIn)
        target = {name: body[name] for name in ("activity", "due_at", "closes_at")}
        target |= {"learner_id": number(body["learner"])}
        return self.written(shapes.DateExtensionOut, partial(extend_activity, **target, **self.arguments(body)))


class Allowances(Correcting):
    """Give many learners exam time, later dates and extra attempts: all rows, or none if one of them is wrong."""

    needs = Permission.EXTEND

    @extend_schema(request=shapes.AllowancesIn, responses={200: shapes.AllowancesOut, 201: shapes.AllowancesOut})
    @refuses()
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AllowancesIn)
        self.settle()
        lines = [line_in(number, row) for number, row in enumerate(body["rows"], start=1)]
        order = {"course": self.course, "lines": lines, "author": self.person, "now": self.now}
        plan = plan_allowances(**order)
        wrong = [LineMistake(line.number, sentence) for line in lines if (sentence := mistake_of(line))]
        if mistakes := {*wrong, *allowances_given_twice(lines), *plan.mistakes}:
            in_order = sorted(mistakes, key=lambda mistake: mistake.number)
            raise ValidationError({"rows": [f"Row {mistake.number}: {mistake.sentence}" for mistake in in_order]})
        if body["dry_run"]:
            return Response(allowances_body(plan))

        def act() -> Answer:
            return 201, allowances_body(import_allowances(expected=body["expected"] or plan.digest, **order))

        return self.once(act)


def line_in(number: int, row: dict[str, Any]) -> AllowanceLine:
    columns = {name: row[name] for name in ("username", "item", "multiplier", "due_at", "closes_at", "extra_attempts")}
    return AllowanceLine(number, note=row["reason"], **columns)


def allowances_body(plan: AllowanceImport) -> dict[str, object]:
    rows = [
        {
            "learner_id": effect.learner_id,
            "item": effect.item and effect.item.id,
            "changes": [
                {"kind": change.kind, "before": allowed_text(change.before), "after": allowed_text(change.after)}
                for change in effect.changes
            ],
        }
        for effect in plan.effects
    ]
    return dict(shapes.AllowancesOut({"expected": plan.digest, "rows": rows, "shifts": plan.shifts}).data)


def allowed_text(value: Decimal | datetime | int | None) -> str | None:
    """Return a value as text: a time as the API writes it, a multiplier without trailing zeros."""
    match value:
        case None:
            return None
        case datetime():
            return str(Moment().to_representation(value))
        case Decimal():
            return format(value.normalize(), "f")
        case _:
            return str(value)
