"""A lab's page. What runs, runs by the API; the draft is saved by a form, as a question's is."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from course.rules.refusals import Refusal
from course.selectors import active_enrollment
from labs.models import Lab
from labs.selectors import lab_by_id
from labs.serializers import LabDraftIn
from labs.services import save_lab_draft
from portal.forms.answers import number_in
from portal.selectors import Workbench, place_of_lab, workbench_of


@require_safe
def lab(request: HttpRequest, lab_id: str) -> HttpResponse:
    """Anyone may read a lab; running its cells takes an enrolment (D28)."""
    found = lab_by_id(lab_id)
    enrollment = active_enrollment(request.user, found.course_id)
    bench = workbench_of(found, request.user.pk, request.now) if enrollment else Workbench()
    place = place_of_lab(found, request.user.pk)
    cells = [cell_on(bench, cell) for cell in found.cells]
    context = {
        "section": "course",
        "course": found.course,
        "lab": found,
        "place": place,
        "needle": place.needle,
        "enrollment": enrollment,
        "is_preview": request.user.is_staff and enrollment is None,
        "cells": cells,
        "bench": bench,
        "state": state_of(found, bench, cells) if enrollment else None,
        "has_math": any("<math" in cell.get("html", "") for cell in cells),
    }
    return render(request, "labs/lab.html", context)


def cell_on(bench: Workbench, cell: dict[str, Any]) -> dict[str, Any]:
    """The lab's cell with the source that its learner left."""
    return {**cell, "starter": cell["source"], "source": bench.sources.get(cell["id"], cell["source"])}


def state_of(found: Lab, bench: Workbench, cells: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page's script begins with."""
    code = [{key: cell[key] for key in ("id", "source", "starter")} for cell in cells if cell["type"] == "code"]
    return {
        "id": found.pk,
        "revision": bench.revision,
        "cells": code,
        "ran": {cell: {"run": ran.run, "source": ran.source} for cell, ran in bench.ran.items()},
        "goingOn": [vars(run) for run in bench.going_on],
        "isSessionOver": bench.is_session_over,
        "tests": bench.results.tests,
        "testRuns": bench.results.finished,
        "maySeeSolution": bench.may_see_solution,
    }


@require_POST
@login_required
def lab_draft(request: HttpRequest, lab_id: str) -> HttpResponse:
    """Keep the cells as they are; the script is told the revision and when it was saved, or what is stored instead."""
    body = LabDraftIn(data={"cells": cells_in(request), "revision": number_in(request.POST, "revision")})
    if not body.is_valid():
        return JsonResponse({"code": "invalid", "detail": "This draft cannot be read."}, status=400)
    try:
        saved = save_lab_draft(learner=request.user, lab=lab_by_id(lab_id), now=request.now, **body.validated_data)
    except Refusal as refusal:
        facts = {"code": refusal.code, "detail": refusal.sentence, **refusal.facts}
        return JsonResponse(facts, status=refusal.status)
    words = date_format(localtime(saved.saved_at), "H:i:s")
    return JsonResponse({"revision": saved.revision, "saved_at": saved.saved_at, "words": words})


def cells_in(request: HttpRequest) -> object:
    try:
        return json.loads(request.POST.get("cells", ""))
    except (ValueError, RecursionError):
        return None
