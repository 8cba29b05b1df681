"""Labs as pages show them: their lines in the outline, and what a learner has of one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from course.rules.refusals import Refusal
from labs.models import Lab, LabDraft, Run, Session
from labs.rules.results import may_show_solution
from labs.selectors import Results, draft_of, results_of

MOST_RUNS = 100
IDLE = timedelta(minutes=10)  # after which the runner ends a session


def labs_with_work(course_ids: Iterable[int], user_id: int | None) -> list[Any]:
    """The labs of these courses in order, module at hand, texts left out: one statement.

    Each has `has_passed`, and `ran_at` and `saved_at`, None where this reader did not.
    """
    mine = Q(lab=OuterRef("pk"), learner=user_id or 0)
    rows = Lab.objects.filter(course__in=list(course_ids), is_retired=False).select_related("module")
    rows = rows.annotate(
        has_passed=Exists(Run.objects.filter(mine, has_passed=True)),
        ran_at=Subquery(Run.objects.filter(mine).order_by("-created_at").values("created_at")[:1]),
        saved_at=Subquery(LabDraft.objects.filter(mine).values("saved_at")[:1]),
    )
    return list(rows.only("id", "title", "course_id", "position", "module").order_by("course", "position", "pk"))


def touched_at(lab: Any) -> datetime | None:
    """When this reader last ran or saved something there."""
    return max(filter(None, (lab.ran_at, lab.saved_at)), default=None)


def lab_by_key(course: Any, key: str) -> Lab:
    """Raises Refusal not_found."""
    lab = Lab.objects.filter(course=course, key=key, is_retired=False).first()
    if lab is None:
        raise Refusal("not_found")
    return lab


NOTHING = Results(0, None, False)


@dataclass(frozen=True)
class Ran:
    """The newest run of a cell in the live session: its row, and the source that it ran."""

    run: str
    source: str


@dataclass(frozen=True)
class GoingOn:
    """A run that is not finished, and the cells that it has: `[{id, source}]`."""

    run: str
    mode: str
    cells: list[dict[str, str]]


@dataclass(frozen=True)
class Workbench:
    """What a learner has of a lab: the draft, the newest run of each cell in the live session, runs that go on."""

    revision: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    ran: dict[str, Ran] = field(default_factory=dict)
    going_on: tuple[GoingOn, ...] = ()
    is_session_over: bool = False
    results: Results = NOTHING

    @property
    def may_see_solution(self) -> bool:
        return may_show_solution(finished_tests=self.results.finished, passed=self.results.passed)


def workbench_of(lab: Lab, learner_id: int, now: datetime) -> Workbench:
    """Six statements at most. A session without a run for as long as the runner lets it idle counts as over."""
    draft = draft_of(lab, learner_id)
    runs = list(_runs_in_session(lab, learner_id))
    last = max((run.finished_at or now for run in runs), default=now)
    going_on = Run.objects.filter(lab=lab, learner=learner_id).exclude(state=Run.State.FINISHED)
    return Workbench(
        revision=draft.revision if draft else 0,
        sources={cell["id"]: cell["source"] for cell in draft.cells} if draft else {},
        ran={cell["id"]: Ran(run.pk, cell["source"]) for run in runs for cell in run.cells},
        going_on=tuple(GoingOn(*row) for row in going_on.order_by("created_at").values_list("pk", "mode", "cells")),
        is_session_over=bool(runs) and now - last > IDLE,
        results=results_of(lab, learner_id),
    )


def _runs_in_session(lab: Lab, learner_id: int) -> QuerySet[Run]:
    """The newest finished runs of the live session, oldest first, without their outputs."""
    session = Session.objects.filter(learner=learner_id, place=f"lab:{lab.pk}", ended_at=None).first()
    rows = Run.objects.filter(session=session, state=Run.State.FINISHED) if session else Run.objects.none()
    newest = rows.order_by("-created_at").values("pk")[:MOST_RUNS]
    return Run.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).defer("outputs").order_by("created_at")
