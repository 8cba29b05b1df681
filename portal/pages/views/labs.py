"""A lab's page. Code runs through the API; a form saves the draft, as for questions."""

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from foundation.numbers import number_in
from labs.lab_dates import lab_opens_at
from labs.models import Lab
from labs.rules.cells import cell_numbers, code_cells, read_cells
from labs.rules.solutions import SolutionTerms
from labs.selectors import lab_by_id
from labs.serializers import LabDraftIn
from labs.services import save_lab_draft
from labs.workbench import NO_SOLUTION, Workbench, lab_late_share, previewed_solution, workbench_of
from lessons.help.selectors import own_help_requests, readable_help
from people.access import CourseAccess, access_of, refuse_to_open, refuse_unseen
from portal.pages.selectors import lab_position
from portal.refusals import Refusal

if TYPE_CHECKING:
    from lessons.help.models import HelpRequest


@require_safe
def lab(request: HttpRequest, lab_id: str) -> HttpResponse:
    """Anyone may read a lab; running its cells needs an enrollment (D28). Staff of the course also see the solution (D37)."""
    lab = lab_by_id(lab_id)
    access = access_of(request.user, lab.course_id)
    refuse_unseen(access)
    refuse_to_open(request.user, lab.course_id, lab_opens_at(lab, request.user.pk), request.now)
    is_learner = access is CourseAccess.LEARNER
    bench = workbench_of(lab, request.user.pk, request.now) if is_learner else Workbench()
    position = lab_position(lab, request.user.pk, request.now)
    asked = help_by_cell(lab, request.user.pk) if is_learner else {}
    numbers = cell_numbers(lab.cells)
    cells = [cell_on(bench, cell, numbers[cell["id"]], asked.get(cell["id"], [])) for cell in lab.cells]
    is_preview = access is CourseAccess.PREVIEW
    previewed = previewed_solution(lab, request.user) if is_preview else NO_SOLUTION
    context = {
        "section": "course",
        "course": lab.course,
        "lab": lab,
        "position": position,
        "needle": position.needle,
        "enrollment": is_learner,
        "is_preview": is_preview,
        "cells": cells,
        "tests_passed": sum(row["verdict"] == "passed" for row in bench.results.tests or ()),
        "asked_elsewhere": asked.get("", []),
        "bench": bench,
        "late": lab_late_share(lab, request.user.pk if is_learner else None, request.now),
        "state": script_state(lab, bench, cells) if is_learner else None,
        "solution": bench.solution if is_learner else previewed,
        "model_cells": code_cells(read_cells(lab.solution)) if previewed.view.is_shown else [],
        "has_math": any("<math" in cell.get("html", "") for cell in cells),
    }
    return render(request, "labs/lab.html", context)


def help_by_cell(lab: Lab, learner_id: int) -> "dict[str, list[HelpRequest]]":
    """Return what a learner asked about a lab by the id of the cell; under "" what is about the whole lab, or about a cell
    that the lab no longer has. Runs one query, two if the learner asked something.
    """
    places, by_cell = {cell["id"] for cell in code_cells(lab.cells)}, defaultdict(list)
    rows = own_help_requests(learner_id, lab.course_id, f"lab:{lab.pk}")
    for help_request in readable_help(rows, learner_id):
        by_cell[help_request.section if help_request.section in places else ""].append(help_request)
    return by_cell


def cell_on(bench: Workbench, cell: dict[str, str], number: str, asked: "list[HelpRequest]") -> dict[str, object]:
    """Return the lab's cell with its number, the learner's source, and what the learner asked about it."""
    source = bench.sources.get(cell["id"], cell["source"])
    return {**cell, "number": number, "starter": cell["source"], "source": source, "asked": asked}


def script_state(lab: Lab, bench: Workbench, cells: list[dict[str, object]]) -> dict[str, object]:
    """Return the initial state of the page's script."""
    code = [{key: cell[key] for key in ("id", "source", "starter")} for cell in cells if cell["type"] == "code"]
    return {
        "id": lab.pk,
        "revision": bench.revision,
        "cells": code,
        "ran": {cell: {"run": ran.run, "source": ran.source} for cell, ran in bench.ran.items()},
        "goingOn": [{key: value for key, value in vars(run).items() if value is not None} for run in bench.going_on],
        "isSessionOver": bench.is_session_over,
        "tests": bench.results.tests,
        "testRuns": bench.results.finished,
        "hasPassed": bench.results.passed,
        "maySeeSolution": bench.solution.view.is_shown,
        **opening_of(bench.solution.terms),
    }


def opening_of(terms: SolutionTerms) -> dict[str, object]:
    """Return when the model solution opens, for the page's script, which knows the usual."""
    return {} if terms.is_usual else {"solutionOpens": terms.opens, "solutionRuns": terms.runs}


@require_POST
@login_required
def lab_draft(request: HttpRequest, lab_id: str) -> HttpResponse:
    """Save the cells. A script gets the revision and the time of the save, or the stored state if another window saved since."""
    body = LabDraftIn(data={"cells": cells_in(request), "revision": number_in(request.POST, "revision")})
    if not body.is_valid():
        return JsonResponse({"code": "invalid", "detail": "This draft cannot be read."}, status=400)
    try:
        saved = save_lab_draft(learner=request.user, lab=lab_by_id(lab_id), now=request.now, **body.validated_data)
    except Refusal as refusal:
        problem = {"code": refusal.code, "detail": refusal.sentence, **refusal.facts}
        return JsonResponse(problem, status=refusal.status)
    words = date_format(localtime(saved.saved_at), "H:i:s")
    return JsonResponse({"revision": saved.revision, "saved_at": saved.saved_at, "words": words})


def cells_in(request: HttpRequest) -> object:
    try:
        return json.loads(request.POST.get("cells", ""))
    except (ValueError, RecursionError):
        return None
