"""A learner's work in a lab, run by run. Opening it takes a reason, which the audit keeps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.frame.forms import OpeningForm
from foundation.frame.outcomes import attempted
from labs.history import RanCell, draft_saved_at, ran_cells, run_in_lab, time_line
from labs.models import Lab, Run
from labs.refusals import Refusal
from labs.rules.cells import cell_numbers
from labs.selectors import lab_in, outputs_on_page
from labs.services import has_opened_lab_work, open_lab_work
from people.access import learner_in
from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Enrollment

RUNS_ON_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.READ_LAB_WORK, asks={"run", "part", "page"}, in_archive=True, for_limited=True)
def work_in_lab(request: HttpRequest, course: "Course", learner_id: int, lab_id: str) -> HttpResponse:
    """Show a learner's runs of a lab to staff who gave a reason in the last 12 hours. A POST gives the reason."""
    enrollment = learner_in(course.pk, learner_id)
    lab = lab_in(course.pk, lab_id)
    if lab is None:
        raise Refusal("not_found")
    who = {"course": course, "lab": lab, "learner_id": learner_id, "now": request.now}
    if request.method == "POST":
        form = OpeningForm(request.POST)
        if form.is_valid() and attempted(form, lambda: open_lab_work(author=request.user, **who, **form.cleaned_data)):
            return redirect(request.get_full_path())
        return ask_for_reason(request, course, enrollment, lab, form, status=400)
    if not has_opened_lab_work(reader=request.user, **who):
        return ask_for_reason(request, course, enrollment, lab, OpeningForm())
    return show_runs(request, course, enrollment, lab)


def ask_for_reason(
    request: HttpRequest, course: "Course", enrollment: "Enrollment", lab: Lab, form: OpeningForm, *, status: int = 200
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "labs/workplace/lab_opening.html",
        section="gradebook",
        title=lab.title,
        status=status,
        enrollment=enrollment,
        learner=enrollment.user,
        lab=lab,
        form=form,
    )


def show_runs(request: HttpRequest, course: "Course", enrollment: "Enrollment", lab: Lab) -> HttpResponse:
    """Show the time line and one run of it: the one in the address, or the newest."""
    learner_id = enrollment.user_id
    runs = page_of_rows(request, time_line(lab, learner_id), RUNS_ON_PAGE)
    numbers = cell_numbers(lab.cells)
    chosen = request.GET.get("run", "") or (runs[0].pk if runs else "")
    return workplace_page(
        request,
        course,
        "labs/workplace/lab_work.html",
        section="gradebook",
        title=lab.title,
        enrollment=enrollment,
        learner=enrollment.user,
        lab=lab,
        runs=runs,
        numbers=numbers,
        shown=run_details(run_in_lab(lab, learner_id, chosen), part_in(request), numbers) if chosen else None,
        saved_at=draft_saved_at(lab.pk, learner_id),
    )


def part_in(request: HttpRequest) -> int:
    """Return the part of the output that the address asks for, from 1. Raises Refusal query_unfit."""
    part = request.GET.get("part", "") or "1"
    if not (part.isascii() and part.isdecimal() and 0 < int(part[:6]) < 32_768):
        raise Refusal("query_unfit", name="part", value=part, known="a number from 1 on")
    return int(part[:6])


@dataclass(frozen=True)
class CellDetails:
    """A cell of a run with its number in the lab and its outputs in one part of the run's output."""

    ran: RanCell
    number: str
    outputs: list[dict[str, Any]]


@dataclass(frozen=True)
class RunDetails:
    """A run as the page shows it. `rest` is output outside the cells of the run."""

    run: Run
    cells: list[CellDetails]
    rest: list[dict[str, Any]]
    part: int
    has_more: bool


def run_details(run: Run, part: int, numbers: dict[str, str]) -> RunDetails:
    """Return a part of a run. A cell that the lab no longer has gets its number in the run."""
    outputs, has_more = outputs_on_page(run.learner_id, run.pk, part - 1)
    ran = ran_cells(run)
    cells = [
        CellDetails(
            cell,
            numbers.get(cell.id, str(position)),
            [output["data"] for output in outputs if output["cell"] == cell.id],
        )
        for position, cell in enumerate(ran, 1)
    ]
    known = {cell.id for cell in ran}
    rest = [output["data"] for output in outputs if output["cell"] not in known]
    return RunDetails(run, cells, rest, part, has_more)
