"""The columns of a course over the API, and the points of their learners (D41). The pages of columns do the same."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import DIGITS, leads
from foundation.idempotency import Answer
from foundation.paging import PAGING, Pages, page_of
from foundation.refusals import refuses
from grading.api.correcting import Correcting, foreseen
from grading.models import OwnColumn
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.rules.column_points import PointsFile, mistakes_without_file
from grading.rules.overrides import LineMistake, OverrideLine
from grading.selectors import SettledGrades
from grading.selectors.columns import NO_POINTS, changed_lines, column_in, column_lines, points_in
from grading.serializers import columns as shapes
from grading.serializers.instructing import PreviewOut
from grading.services.override_import import OverrideImport, import_overrides, plan_overrides
from people.endpoint import GROUP, Taught, learner_names
from people.rules.roles import Permission
from people.rules.sight import EVERYONE
from people.selectors import learners_in

if TYPE_CHECKING:
    from people.models import Enrollment


class GradebookColumns(Taught):
    """The columns of the course in order, and how many learners have points in each."""

    needs = Permission.SEE_GRADES

    @extend_schema(responses=shapes.ColumnsOut)
    @leads(column_id="/columns/0/id")
    @refuses()
    def get(self, request: Request, slug: str) -> Response:
        return Response(shapes.ColumnsOut({"columns": column_lines(self.course.pk)}).data)


class PointsInColumn(Correcting):
    """What the learners of the course have in a column. A POST gives points, all of them or none."""

    needs = Permission.GRADE

    @extend_schema(parameters=[*PAGING, GROUP], responses=page_of(shapes.LearnerPointsOut))
    @refuses("not_found")
    def get(self, request: Request, slug: str, column_id: str) -> Response:
        column, pages = self.column(column_id), Pages()
        learners = learners_in(self.course.pk, group=self.group_asked(request)).order_by("pk")
        rows = pages.paginate_queryset(learners, request, self)
        return pages.get_paginated_response(self.points_of(column, rows))

    @extend_schema(request=shapes.ColumnPointsIn, responses={200: PreviewOut, 201: shapes.ColumnPointsOut})
    @refuses("not_found", "preview_stale")
    def post(self, request: Request, slug: str, column_id: str) -> Response:
        column, body = self.column(column_id), self.read(shapes.ColumnPointsIn)
        grades = self.settle()
        if body["dry_run"]:
            lines = self.lines(column, body["points"])
            plan = self.planned(grades, lines)
            return Response(foreseen(self.course.pk, plan.shifts, plan.digest if lines else None))
        return self.once(lambda: self.stored(grades, column, body))

    def column(self, column_id: str) -> OwnColumn:
        """Return a column of the course. Raises Refusal not_found."""
        column = column_in(self.course.pk, column_id)
        if column is None:
            raise Refusal("not_found")
        return column

    @property
    def comments_of(self) -> int | None:
        """Return whose comments the person may read: their own, or with None everybody's (D28)."""
        return None if Permission.SEE_PRIVATE_NOTES in self.permissions else self.person.pk

    def lines(self, column: OwnColumn, rows: Sequence[dict[str, Any]]) -> tuple[OverrideLine, ...]:
        """Return the lines that say something new. Raises ValidationError if one of them has a mistake."""
        ids = {int(written) for row in rows if is_id(written := row["learner"])}
        usernames = {str(row.user_id): row.user.username for row in learners_in(self.course.pk).filter(user__in=ids)}
        lines = [line_of(number, row, usernames, column.pk) for number, row in enumerate(rows, start=1)]
        unknown = [
            LineMistake(line.number, "No learner of the course has this id.") for line in lines if not line.username
        ]
        refuse_mistakes(unknown or mistakes_without_file(lines))
        has_comments = any("comment" in row for row in rows)
        file = PointsFile(tuple(lines), (), has_comments)
        return changed_lines(column.course_id, column.pk, file, self.comments_of, EVERYONE)

    def planned(self, grades: SettledGrades, lines: Sequence[OverrideLine]) -> OverrideImport:
        """Return what the lines would do. Raises ValidationError if one of them cannot be applied."""
        plan = plan_overrides(grades=grades, course=self.course, lines=lines, author=self.person, now=self.now)
        refuse_mistakes(plan.mistakes)
        return plan

    def stored(self, grades: SettledGrades, column: OwnColumn, body: dict[str, Any]) -> Answer:
        lines = self.lines(column, body["points"])
        if lines:
            expected = body["expected"] or self.planned(grades, lines).digest
            arguments = {"course": self.course, "lines": lines, "author": self.person, "now": self.now}
            import_overrides(grades=grades, expected=expected, **arguments)
        names = {line.username for line in lines}
        rows = learners_in(self.course.pk).filter(user__username__in=names).order_by("pk")
        return 201, {"points": self.points_of(column, rows)}

    def points_of(self, column: OwnColumn, rows: "Iterable[Enrollment]") -> list[dict[str, object]]:
        people = {row.user_id: row for row in rows}
        stored = points_in(self.course.pk, column.pk, list(people))
        bodies = []
        for learner_id, row in people.items():
            points = stored.get(learner_id, NO_POINTS)
            is_hidden = self.comments_of not in (None, points.author_id)
            bodies.append(
                {
                    **learner_names(row),
                    "points": None if points.points is None else points_text(points.points),
                    "exempt": points.is_exempt,
                    "comment": "" if is_hidden else points.comment,
                }
            )
        return list(shapes.LearnerPointsOut(bodies, many=True).data)


def is_id(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) <= DIGITS


def line_of(number: int, row: dict[str, Any], usernames: dict[str, str], column_id: str) -> OverrideLine:
    """Return a row of the body as a line of a file has it. Its username is "" if nobody has the id."""
    comment = row.get("comment", "").strip()
    username = usernames.get(row["learner"], "")
    return OverrideLine(number, username, column_id, row["points"], comment, row["exempt"])


def refuse_mistakes(mistakes: Iterable[LineMistake]) -> None:
    """Raise ValidationError if there are mistakes, with a sentence for each."""
    if sentences := [f"Line {mistake.number}: {mistake.sentence}" for mistake in mistakes]:
        raise ValidationError({"points": sentences})
