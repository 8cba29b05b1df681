"""The gradebook: learners by items, as a page, as a file, and corrected by a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from course.rules.refusals import Refusal
from portal.forms.workplace import OverridesFile
from portal.rules.overrides import LineMistake, read_overrides
from portal.rules.sheets import as_csv
from portal.selectors.gradebook import (
    SHOWS,
    Search,
    gradebook_columns,
    gradebook_learners,
    gradebook_rows,
    gradebook_table,
)
from portal.services import import_overrides, plan_overrides
from portal.templatetags.times import spoken
from portal.workplace.acting import tell
from portal.workplace.gate import for_instructors, page
from quizzes.services import settle_due

ROWS = 50
LARGEST = 1024 * 1024


@require_safe
@for_instructors
def gradebook(request: HttpRequest, course: Any) -> HttpResponse:
    settle_due(now=request.now, course_id=course.pk)
    columns = gradebook_columns(course.pk)
    search = search_in(request.GET, {column.activity for column in columns})
    found = Paginator(gradebook_learners(course.pk, search, request.now), ROWS).get_page(request.GET.get("page"))
    return page(
        request,
        course,
        "gradebook",
        section="gradebook",
        title=_("Gradebook"),
        columns=columns,
        search=search,
        shows=SHOWS,
        rows=found,
        lines=gradebook_rows(course.pk, list(found), columns),
    )


def search_in(asked: Any, activities: set[str]) -> Search:
    """What the address asks for; what it cannot ask for is left out."""
    sort, show = asked.get("sort", ""), asked.get("show", "")
    return Search(
        words=asked.get("words", "").replace("\0", "").strip(),
        show=show if show in SHOWS else "all",
        sort=sort if sort in {"username", "overall"} | activities else "name",
        is_descending=asked.get("down") == "1",
    )


@require_safe
@for_instructors
def export(request: HttpRequest, course: Any) -> StreamingHttpResponse:
    """Every present learner, sent line by line."""
    settle_due(now=request.now, course_id=course.pk)
    answer = StreamingHttpResponse(as_csv(gradebook_table(course.pk)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="gradebook-{course.slug}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def overrides_file(request: HttpRequest, course: Any) -> HttpResponse:
    """A file of overrides: first what it would do, line by line, then all of it."""
    settle_due(now=request.now, course_id=course.pk)
    if request.method != "POST":
        return show_file(request, course)
    text, mistakes = text_in(request)
    lines, wrong = read_overrides(text) if not mistakes else ([], [])
    if not (lines or mistakes or wrong):
        mistakes = [LineMistake(1, _("The file has no line."))]
    if mistakes or wrong:
        return show_file(request, course, lines=lines, mistakes=[*mistakes, *wrong])
    if expected := request.POST.get("expected"):
        try:
            number = import_overrides(
                course=course, lines=lines, author=request.user, now=request.now, expected=expected
            )
        except Refusal as refusal:
            return show_file(request, course, refusal=spoken(refusal), text=text, lines=lines)
        tell(request, ngettext("%d override is written.", "%d overrides are written.", number) % number)
        return redirect("gradebook", course.slug)
    return show_file(request, course, text=text, lines=lines)


def show_file(
    request: HttpRequest, course: Any, *, text: str = "", lines: Any = (), mistakes: Any = (), refusal: str = ""
) -> HttpResponse:
    plan = plan_overrides(course=course, lines=lines, author=request.user, now=request.now) if lines else None
    mistakes = sorted({*mistakes, *(plan.mistakes if plan else ())}, key=lambda found: found.number)
    return page(
        request,
        course,
        "overrides_file",
        section="gradebook",
        title=_("Overrides from a file"),
        status=409 if refusal else 400 if mistakes else 200,
        form=OverridesFile(),
        plan=plan if plan and not mistakes else None,
        mistakes=mistakes,
        refusal=refusal,
        text=text,
        columns=gradebook_columns(course.pk),
    )


def text_in(request: HttpRequest) -> tuple[str, list[LineMistake]]:
    """The text of the file that was chosen, or that the preview carried on."""
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", ""), []
    if upload.size > LARGEST:
        return "", [LineMistake(1, _("The file is larger than a megabyte."))]
    try:
        return upload.read().decode(), []
    except UnicodeDecodeError:
        return "", [LineMistake(1, _("The file is not UTF-8 text. Save it as “CSV UTF-8”."))]
