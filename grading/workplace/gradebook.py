"""The gradebook: learners by items, as a page, as CSV, and corrections from a file."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.outcomes import tell
from foundation.frame.wording import spoken
from grading.forms import OverridesFileForm
from grading.refusals import Refusal
from grading.rules.overrides import LineMistake, OverrideLine, read_overrides
from grading.selectors import Column, SettledGrades, columns_of
from grading.selectors.in_force import lines_in_force
from grading.selectors.sheet import sheet_rows
from grading.selectors.table import (
    SHOWS,
    Search,
    gradebook_columns,
    gradebook_learners,
    gradebook_table,
    overrides_table,
)
from grading.services import settle_grades
from grading.services.override_import import import_overrides, plan_overrides
from people.gate import choice, needs, page_of_rows, whose_notes, workplace_page
from people.rules.roles import Permission
from people.rules.spreadsheets import as_csv, with_mark
from people.selectors import group_names, groups_by_enrollment

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Enrollment

SIZES = ("25", "50", "100", "200")
LARGEST = 1024 * 1024
SEARCH = {"words", "group", "show", "sort", "down"}


@require_safe
@needs(Permission.SEE_GRADES, asks={*SEARCH, "page", "size"}, for_limited=True)
def gradebook(request: HttpRequest, course: "Course") -> HttpResponse:
    grades = settle_grades(now=request.now, course_id=course.pk)
    columns = gradebook_columns(course.pk)
    groups = group_names(course)
    search = gradebook_search(request, columns, groups)
    size = choice(request, "size", SIZES, "50")
    rows = page_of_rows(request, gradebook_learners(grades, course.pk, search, request.now, request.sight), int(size))
    grouped = groups_by_enrollment([row.pk for row in rows]) if groups else {}
    if request.sight.is_limited:
        grouped = {pk: [name for name in names if name in groups] for pk, names in grouped.items()}
    return workplace_page(
        request,
        course,
        "grading/workplace/gradebook.html",
        section="gradebook",
        title=_("Gradebook"),
        columns=columns,
        search=search,
        groups=groups,
        shows=SHOWS,
        sizes=SIZES,
        size=size,
        rows=rows,
        lines=sheet_rows(grades, course.pk, list(rows), columns, grouped),
    )


def gradebook_search(request: HttpRequest, columns: list[Column], groups: Collection[str]) -> Search:
    """Return the search in the address. Raises Refusal query_unfit for invalid values."""
    sorts = ("name", "username", "overall", *(column.activity for column in columns))
    return Search(
        words=request.GET.get("words", "").replace("\0", "").strip(),
        group=choice(request, "group", ("", *groups), ""),
        show=choice(request, "show", SHOWS, "all"),
        sort=choice(request, "sort", sorts, "name"),
        is_descending=choice(request, "down", ("0", "1"), "0") == "1",
    )


@require_safe
@needs(Permission.SEE_GRADES, asks=SEARCH, for_limited=True)
def export(request: HttpRequest, course: "Course") -> StreamingHttpResponse:
    """Send the learners that the search finds as CSV, in its order, line by line."""
    return csv_download(
        request, course, "gradebook", lambda grades, learners: gradebook_table(grades, course.pk, learners)
    )


@require_safe
@needs(Permission.GRADE, asks=SEARCH, for_limited=True)
def overrides_csv(request: HttpRequest, course: "Course") -> StreamingHttpResponse:
    """Send these learners' overrides in force, in the format that `overrides_file` accepts."""
    reader = whose_notes(request)
    return csv_download(
        request, course, "overrides", lambda _grades, learners: overrides_table(course.pk, learners, reader)
    )


def csv_download(
    request: HttpRequest,
    course: "Course",
    name: str,
    table: "Callable[[SettledGrades, QuerySet[Enrollment]], Iterable[list[str]]]",
) -> StreamingHttpResponse:
    grades = settle_grades(now=request.now, course_id=course.pk)
    search = gradebook_search(request, columns_of(course.pk), group_names(course))
    rows = table(grades, gradebook_learners(grades, course.pk, search, request.now, request.sight))
    answer = StreamingHttpResponse(with_mark(as_csv(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{course.slug}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.GRADE, for_limited=True)
def overrides_file(request: HttpRequest, course: "Course") -> HttpResponse:
    """Import a file of overrides: preview each line, then apply all of them."""
    grades = settle_grades(now=request.now, course_id=course.pk)
    if request.method != "POST":
        return show_file(request, grades, course)
    text, mistakes = text_in(request)
    lines, wrong = read_overrides(text) if not mistakes else ([], [])
    if not (lines or mistakes or wrong):
        mistakes = [LineMistake(1, _("The file has no lines."))]
    if mistakes or wrong:
        return show_file(request, grades, course, lines=lines, mistakes=[*mistakes, *wrong])
    kept = lines_in_force(course.pk, lines, whose_notes(request), sight=request.sight)
    lines = [line for line in lines if line not in kept]
    if expected := request.POST.get("expected"):
        try:
            number = import_overrides(
                grades=grades,
                course=course,
                lines=lines,
                author=request.user,
                now=request.now,
                expected=expected,
                sight=request.sight,
            )
        except Refusal as refusal:
            return show_file(request, grades, course, refusal=spoken(refusal), text=text, lines=lines)
        tell(request, ngettext("%d override was saved.", "%d overrides were saved.", number) % number)
        return redirect("gradebook", course.slug)
    return show_file(request, grades, course, text=text, lines=lines, unchanged=len(kept))


def show_file(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    *,
    text: str = "",
    lines: Sequence[OverrideLine] = (),
    unchanged: int = 0,
    mistakes: Iterable[LineMistake] = (),
    refusal: str = "",
) -> HttpResponse:
    arguments = {"course": course, "lines": lines, "author": request.user, "now": request.now}
    plan = plan_overrides(grades=grades, sight=request.sight, **arguments) if lines else None
    mistakes = sorted({*mistakes, *(plan.mistakes if plan else ())}, key=lambda mistake: mistake.number)
    return workplace_page(
        request,
        course,
        "grading/workplace/overrides_file.html",
        section="gradebook",
        title=_("Upload overrides"),
        status=409 if refusal else 400 if mistakes else 200,
        form=OverridesFileForm(),
        plan=plan if plan and not mistakes else None,
        mistakes=mistakes,
        refusal=refusal,
        text=text,
        unchanged=unchanged,
        columns=gradebook_columns(course.pk),
    )


def text_in(request: HttpRequest) -> tuple[str, list[LineMistake]]:
    """Return the text of the uploaded file, or of the file in the preview."""
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", ""), []
    if upload.size > LARGEST:
        return "", [LineMistake(1, _("The file is larger than a megabyte."))]
    try:
        return upload.read().decode(), []
    except UnicodeDecodeError:
        return "", [LineMistake(1, _("The file is not UTF-8 text. Save it as “CSV UTF-8”."))]
