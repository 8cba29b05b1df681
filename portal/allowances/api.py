"""Later dates, exam time and extra attempts for many learners in one request, all or nothing."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from course.rules.schedule import Dates
from foundation.frame.endpoint import number
from foundation.idempotency import Answer
from foundation.refusals import refuses
from foundation.serializers import Moment
from grading.api.correcting import Correcting
from grading.rules.overrides import LineMistake
from people.rules.roles import Permission
from people.selectors import dates_of_groups, group_names
from portal.allowances import serializers as shapes
from portal.allowances.rules.allowances import AllowanceLine, allowances_given_twice, mistake_of
from portal.allowances.services import (
    AllowanceImport,
    extend_activity,
    import_allowances,
    plan_allowances,
    plan_group_dates,
    set_group_dates,
)


class DateExtensions(Correcting):
    """Give a learner later dates in an assessment or a lab, or exact ones. Without a date, everyone's apply again."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(request=shapes.DateExtensionIn, responses={201: shapes.DateExtensionOut})
    @refuses("date_not_later", "dates_contradict", "nothing_to_undo")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.DateExtensionIn)
        target = {name: body[name] for name in ("activity", "opens_at", "due_at", "closes_at", "is_exact")}
        target |= {"learner_id": number(body["learner"])}
        self.refuse_unseen_learners([number(body["learner"])])
        return self.written(shapes.DateExtensionOut, partial(extend_activity, **target, **self.arguments(body)))


class GroupsDates(Correcting):
    """The dates of groups in assessments and labs; give a group dates, all rows or none. Null is everyone's date."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(responses=shapes.GroupDatesOut)
    @refuses()
    def get(self, request: Request, slug: str) -> Response:
        given = [row for row in dates_of_groups(self.course.pk) if self.sees_group(row.group.name)]
        rows = [{"group": row.group.name, "activity": row.activity, **row.dates.named} for row in given]
        return Response(shapes.GroupDatesOut({"rows": rows}).data)

    @extend_schema(request=shapes.GroupDatesIn, responses={200: shapes.GroupDatesDone, 201: shapes.GroupDatesDone})
    @refuses("dates_contradict")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.GroupDatesIn)
        self.refuse_unknown_group(body["group"])
        dates = {row["activity"]: Dates(row["opens_at"], row["due_at"], row["closes_at"]) for row in body["rows"]}
        order = {"course": self.course, "group": body["group"], "dates": dates}
        change = partial(set_group_dates, author=self.person, now=self.now, **order)
        if body["dry_run"]:
            return Response(shapes.GroupDatesDone(plan_group_dates(change)).data)
        return self.written(shapes.GroupDatesDone, partial(change, expected=body["expected"]))

    def sees_group(self, name: str) -> bool:
        return not self.sight.is_limited or name in group_names(self.course)


class Allowances(Correcting):
    """Give many learners exam time, later dates and extra attempts: all rows, or none if one of them is wrong."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(request=shapes.AllowancesIn, responses={200: shapes.AllowancesOut, 201: shapes.AllowancesOut})
    @refuses()
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AllowancesIn)
        self.settle()
        lines = [line_in(number, row) for number, row in enumerate(body["rows"], start=1)]
        order = {"course": self.course, "lines": lines, "author": self.person, "now": self.now, "sight": self.sight}
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
