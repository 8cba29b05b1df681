"""What a learner wrote and ran in a lab, run by run: the code, the code before it, and what it printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Q, QuerySet

from activities.kinds import ActivityPage
from course.rules.comparing import Line, compare
from labs.lab_dates import lab_opens_at
from labs.models import Lab, LabDraft, Run
from labs.refusals import Refusal
from labs.rules.cells import code_cells, numbered_cells, written_code
from labs.selectors import draft_of, lab_by_id, runs_of

LOOKED_BACK = 200  # earlier runs in which to look for the code before
MOST_LINES = 2_000  # of a comparison; the code itself is shown in full
MOST_PAIRS = 50_000  # equal lines before and after that are worth comparing; code with more only repeats itself

type SourceInRun = tuple[str, str]  # the run's id and the source


@dataclass(frozen=True)
class RanCell:
    """A cell as a run executed it, and its source before: in the run `run_before`, or without one the starting code."""

    id: str
    source: str
    before: str
    run_before: str | None

    @property
    def lines(self) -> list[Line]:
        """Return what changed, line by line, with a gap at the end if more did; empty if nothing changed."""
        lines = compare(self.before, self.source, most_pairs=MOST_PAIRS)
        return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], Line("gap", None, None, "")]


def ran_cells(run: Run) -> list[RanCell]:
    """Return the cells of a run with their sources before it. The list is empty for a run whose code was removed. Runs two queries."""
    wanted = [cell["id"] for cell in run.cells]
    earlier = _sources_before(run, wanted)
    starting = _starting_code(run) if len(earlier) < len(wanted) else {}
    ran = []
    for cell in run.cells:
        run_before, before = earlier.get(cell["id"], (None, starting.get(cell["id"], "")))
        ran.append(RanCell(cell["id"], cell["source"], before, run_before))
    return ran


def _sources_before(run: Run, wanted: Sequence[str]) -> dict[str, SourceInRun]:
    """Return, for each cell, the newest earlier run of the lab that executed it, with the source."""
    if run.lab_id is None:
        return {}
    is_earlier = Q(created_at__lt=run.created_at) | Q(created_at=run.created_at, pk__lt=run.pk)
    rows = Run.objects.filter(is_earlier, lab=run.lab_id, learner=run.learner_id).exclude(cells=[])
    sources: dict[str, SourceInRun] = {}
    for run_id, cells in rows.order_by("-created_at", "-pk").values_list("pk", "cells")[:LOOKED_BACK].iterator(10):
        for cell in cells:
            sources.setdefault(cell["id"], (run_id, cell["source"]))
        if sources.keys() >= set(wanted):
            break
    return sources


def _starting_code(run: Run) -> dict[str, str]:
    cells = Lab.objects.filter(pk=run.lab_id).values_list("cells", flat=True).first() or []
    return {cell["id"]: cell["source"] for cell in code_cells(cells)}


def time_line(lab: Lab, learner_id: int) -> QuerySet[Run]:
    """Return a learner's runs of a lab, newest first, as `runs_of` does."""
    return runs_of(lab, learner_id).order_by("-created_at", "-pk")


def own_run(learner_id: int, run_id: str) -> Run:
    """Return the learner's own run with its code, without output. Raises Refusal not_found."""
    run = Run.objects.filter(pk=run_id, learner=learner_id).defer("silent", "outputs").first()
    if run is None:
        raise Refusal("not_found")
    return run


def run_in_lab(lab: Lab, learner_id: int, run_id: str) -> Run:
    """Return a learner's run of this lab as in the time line, with its code. Raises Refusal not_found."""
    run = time_line(lab, learner_id).filter(pk=run_id).defer(None).defer("silent", "outputs").first()
    if run is None:
        raise Refusal("not_found")
    return run


def draft_saved_at(lab_id: str, learner_id: int) -> datetime | None:
    """Return when the learner last saved code in the lab, or None."""
    return LabDraft.objects.filter(lab=lab_id, learner=learner_id).values_list("saved_at", flat=True).first()


def page_of_lab(lab_id: str) -> ActivityPage:
    """Return a lab as other rooms know its page, with its code cells as parts. Raises Refusal not_found."""
    lab = lab_by_id(lab_id)

    def written(learner_id: int, cell: str) -> str:
        return written_code(lab.cells, draft_of(lab, learner_id), cell)

    opens_at, parts = lab.dates.opens_at, numbered_cells(lab.cells)
    return ActivityPage(lab.pk, lab.title, lab.course, opens_at, parts, written, True, partial(lab_opens_at, lab))
