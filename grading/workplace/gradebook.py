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
from grading.rules.gradebook_file import GradebookFile, is_gradebook_file, read_gradebook
from grading.rules.overrides import LineMistake, OverrideLine, read_overrides
from grading.selectors import Column, SettledGrades
from grading.selectors.gradebook_file import gradebook_now, points_given
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
from people.selectors import group_names, groups_by_enrollment, noting_numbers

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
    learners = gradebook_learners(grades, course.pk, search, request.now, request.sight)
    rows = page_of_rows(request, noting_numbers(learners, course.pk), int(size))
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
        has_numbers=any(row.course_has_numbers for row in rows),
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
    """Send the learners that the search finds as CSV, in its order, line by line. `overrides_file` accepts it, edited or not."""
    return csv_download(
        request,
        course,
        "gradebook",
        lambda grades, learners, columns: gradebook_table(
            grades, course.pk, learners, columns=columns, points_of=points_given
        ),
    )


@require_safe
@needs(Permission.GRADE, asks=SEARCH, for_limited=True)
def overrides_csv(request: HttpRequest, course: "Course") -> StreamingHttpResponse:
    """Send these learners' overrides in force, in the format that `overrides_file` accepts."""
    reader = whose_notes(request)
    return csv_download(
        request, course, "overrides", lambda _grades, learners, _columns: overrides_table(course.pk, learners, reader)
    )


def csv_download(
    request: HttpRequest,
    course: "Course",
    name: str,
    table: "Callable[[SettledGrades, QuerySet[Enrollment], list[Column]], Iterable[list[str]]]",
) -> StreamingHttpResponse:
    grades = settle_grades(now=request.now, course_id=course.pk)
    columns = gradebook_columns(course.pk)
    search = gradebook_search(request, columns, group_names(course))
    rows = table(grades, gradebook_learners(grades, course.pk, search, request.now, request.sight), columns)
    answer = StreamingHttpResponse(with_mark(as_csv(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{course.slug}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.GRADE, for_limited=True)
def overrides_file(request: HttpRequest, course: "Course") -> HttpResponse:
    """Import a file of overrides, or the gradebook's own file: preview each change, then apply all of them."""
    grades = settle_grades(now=request.now, course_id=course.pk)
    if request.method != "POST":
        return show_file(request, grades, course)
    text, mistakes = text_in(request)
    if not mistakes and is_gradebook_file(text):
        return gradebook_again(request, grades, course, text)
    lines, wrong = read_overrides(text) if not mistakes else ([], [])
    if not (lines or mistakes or wrong):
        mistakes = [LineMistake(1, _("The file has no lines."))]
    if mistakes or wrong:
        return show_file(request, grades, course, lines=lines, mistakes=[*mistakes, *wrong])
    kept = lines_in_force(course.pk, lines, whose_notes(request), sight=request.sight)
    lines = [line for line in lines if line not in kept]
    if expected := request.POST.get("expected"):
        return apply_lines(request, grades, course, lines, text=text, expected=expected)
    return show_file(request, grades, course, text=text, lines=lines, unchanged=len(kept))


def gradebook_again(request: HttpRequest, grades: SettledGrades, course: "Course", text: str) -> HttpResponse:
    """Import the file that `export` sent, as it is or edited. Only the points that instructors give are read from it."""
    reason = request.POST.get("reason", "").strip()
    file = read_gradebook(text, gradebook_now(grades, course.pk, request.sight), reason)
    parts: dict[str, object] = {"text": text, "lines": file.lines, "file": file}
    if file.mistakes:
        return show_file(request, grades, course, mistakes=file.mistakes, **parts)
    if (expected := request.POST.get("expected")) and file.lines:
        return apply_lines(request, grades, course, expected=expected, **parts)
    return show_file(request, grades, course, **parts)


def apply_lines(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    lines: Sequence[OverrideLine],
    *,
    expected: str,
    **parts: object,
) -> HttpResponse:
    """Store the lines if their preview still holds. `parts` are for the page that shows why they are refused."""
    order = {"course": course, "lines": lines, "author": request.user, "now": request.now, "sight": request.sight}
    try:
        number = import_overrides(grades=grades, expected=expected, **order)
    except Refusal as refusal:
        return show_file(request, grades, course, refusal=spoken(refusal), lines=lines, **parts)
    tell(request, ngettext("%d change was saved.", "%d changes were saved.", number) % number)
    return redirect("gradebook", course.slug)


def show_file(
    request: HttpRequest,
    grades: SettledGrades,
    course: "Course",
    *,
    text: str = "",
    lines: Sequence[OverrideLine] = (),
    unchanged: int = 0,
    file: GradebookFile | None = None,
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
        title=_("Upload points"),
        status=409 if refusal else 400 if mistakes else 200,
        form=OverridesFileForm(initial={"reason": request.POST.get("reason", "")}),
        file=file,
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
