"""The columns of a course, and the points that instructors enter there: by hand, pasted, or from a file (D41)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.outcomes import tell
from foundation.frame.wording import spoken
from grading.forms import PointsFileForm
from grading.models import OwnColumn
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.rules.column_points import POINTS_COLUMNS, PointsFile, read_points
from grading.rules.overrides import EXEMPT, LineMistake, OverrideLine
from grading.selectors import SettledGrades
from grading.selectors.columns import (
    NO_POINTS,
    ColumnPoints,
    changed_lines,
    column_in,
    column_lines,
    points_in,
)
from grading.services import settle_grades
from grading.services.override_import import import_overrides, plan_overrides
from grading.workplace.gradebook import text_in
from people.gate import needs, page_of_rows, whose_notes, workplace_page
from people.rules.roles import Permission
from people.rules.sight import LearnerSight
from people.rules.spreadsheets import as_csv
from people.selectors import learners_in

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Enrollment

PAGE_SIZE = 100  # learners in the form; each has four fields


@require_safe
@needs(Permission.SEE_GRADES, for_limited=True)
def columns(request: HttpRequest, course: "Course") -> HttpResponse:
    return workplace_page(
        request,
        course,
        "grading/workplace/columns.html",
        section="gradebook",
        title=_("Columns"),
        lines=column_lines(course.pk, request.sight),
    )


@require_safe
@needs(Permission.GRADE, for_limited=True)
def column_csv(request: HttpRequest, course: "Course", column_id: str) -> StreamingHttpResponse:
    """Send the class with the points of a column, in the format that its page accepts."""
    column = known_column(course, column_id)
    answer = StreamingHttpResponse(
        as_csv(points_table(course, column, whose_notes(request), request.sight)),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{column.key}-{course.slug}.csv"'
    return answer


def known_column(course: "Course", column_id: str) -> OwnColumn:
    """Return a column of the course. Raises Refusal not_found."""
    column = column_in(course.pk, column_id)
    if column is None:
        raise Refusal("not_found")
    return column


def points_table(
    course: "Course", column: OwnColumn, reader_id: int | None, sight: LearnerSight
) -> Iterator[list[str]]:
    """Yield the learners in sight with the points of a column as text. A reader sees everybody's comments, or only their own."""
    yield [POINTS_COLUMNS[0], "name", *POINTS_COLUMNS[1:]]
    rows = list(learners_in(course.pk, sight=sight).select_related("user").order_by("name", "pk"))
    stored = points_in(course.pk, column.pk, [row.user_id for row in rows])
    for row in rows:
        points, comment = written(stored.get(row.user_id, NO_POINTS), reader_id)
        yield [row.user.username, row.name or row.user.name, points, comment]


def written(stored: ColumnPoints, reader_id: int | None) -> tuple[str, str]:
    """Return points and comment as the form and the file show them."""
    points = EXEMPT if stored.is_exempt else "" if stored.points is None else points_text(stored.points)
    return points, stored.comment if reader_id in (None, stored.author_id) else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.GRADE, asks={"page"}, for_limited=True)
def column_points(request: HttpRequest, course: "Course", column_id: str) -> HttpResponse:
    """Enter the points of a column: preview who moves, then save all of them or nothing."""
    column = known_column(course, column_id)
    grades = settle_grades(now=request.now, course_id=course.pk)
    if request.method != "POST":
        return show_points(request, grades, course, column)
    text, problems = typed_text(request)
    file = read_points(text, column.pk) if not problems else PointsFile(mistakes=tuple(problems))
    lines = changed_lines(course.pk, column.pk, file, whose_notes(request), request.sight)
    if file.mistakes:
        return show_points(request, grades, course, column, text=text, mistakes=file.mistakes)
    if not lines:
        nothing = _("These points are stored already. Nothing was changed. Enter other points.")
        return show_points(request, grades, course, column, refusal=nothing, status=400)
    if expected := request.POST.get("expected"):
        order = {"course": course, "lines": lines, "author": request.user, "now": request.now, "sight": request.sight}
        try:
            number = import_overrides(grades=grades, expected=expected, **order)
        except Refusal as refusal:
            sentence = spoken(refusal)
            return show_points(request, grades, course, column, text=text, lines=lines, refusal=sentence)
        words = ngettext("%d learner was saved.", "%d learners were saved.", number)
        tell(request, words % number)
        return redirect(request.get_full_path())
    return show_points(request, grades, course, column, text=text, lines=lines)


def typed_text(request: HttpRequest) -> tuple[str, list[LineMistake]]:
    """Return the lines of an upload, of a preview, of what was pasted, or of the rows that were changed by hand."""
    if request.FILES.get("file") is not None or "text" in request.POST:
        return text_in(request)
    if request.POST.get("do") == "hand":
        return "".join(as_csv([list(POINTS_COLUMNS), *hand_rows(request.POST)])), []
    return request.POST.get("pasted", ""), []


def hand_rows(posted: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield username, points and comment of each row of the form that its person changed."""
    for name in posted:
        if name.startswith("points:"):
            username = name.partition(":")[2]
            row = [posted.get(f"{field}:{username}", "").strip() for field in ("points", "comment")]
            before = [posted.get(f"was_{field}:{username}", "") for field in ("points", "comment")]
            if row != before:
                yield [username, *row]


def show_points(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    column: OwnColumn,
    *,
    text: str = "",
    lines: Sequence[OverrideLine] = (),
    mistakes: Sequence[LineMistake] = (),
    refusal: str = "",
    status: int = 0,
) -> HttpResponse:
    arguments = {"course": course, "lines": lines, "author": request.user, "now": request.now}
    plan = plan_overrides(grades=grades, sight=request.sight, **arguments) if lines else None
    mistakes = [*mistakes, *(plan.mistakes if plan else ())]
    usernames = {line.number: line.username for line in lines}
    learners = learners_in(course.pk, sight=request.sight).select_related("user").order_by("name", "pk")
    rows = page_of_rows(request, learners, PAGE_SIZE)
    return workplace_page(
        request,
        course,
        "grading/workplace/column_points.html",
        section="gradebook",
        title=column.title,
        status=status or (409 if refusal else 400 if mistakes else 200),
        form=PointsFileForm(),
        column=column,
        plan=plan if plan and not mistakes else None,
        mistakes=[replace(mistake, username=usernames.get(mistake.number, "")) for mistake in mistakes],
        refusal=refusal,
        text=text,
        rows=rows,
        lines=form_rows(request, course, column, rows),
    )


def form_rows(
    request: HttpRequest, course: "Course", column: OwnColumn, rows: "Page[Enrollment]"
) -> list[dict[str, object]]:
    """Return the rows of the form: what is stored, and what was typed in its place."""
    stored = points_in(course.pk, column.pk, [row.user_id for row in rows])
    reader_id, posted = whose_notes(request), request.POST
    shown = []
    for row in rows:
        points, comment = written(stored.get(row.user_id, NO_POINTS), reader_id)
        username = row.user.username
        shown.append(
            {
                "learner": row,
                "name": row.name or row.user.name or username,
                "username": username,
                "was": (posted.get(f"was_points:{username}", points), posted.get(f"was_comment:{username}", comment)),
                "points": posted.get(f"points:{username}", points),
                "comment": posted.get(f"comment:{username}", comment),
            }
        )
    return shown
