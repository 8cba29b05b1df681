"""Labs for pages: their lines in the outline, and a learner's work in one lab."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Length

from course.rules.schedule import has_closed
from foundation.fast.prepared import PreparedQuery
from grading.rules.late_shares import Lateness, LateShare, late_share
from grading.selectors import counted_among, late_terms_of, with_own_due
from labs.lab_dates import lab_dates_of
from labs.models import Lab, LabDraft, Run
from labs.refusals import Refusal
from labs.rules.limits import SESSION_IDLE
from labs.rules.solutions import USUAL_TERMS, SolutionStage, SolutionTerms, SolutionView, solution_terms, solution_view
from labs.selectors import Results, draft_of, results_of
from people.access import permissions_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from course.models import Course

MOST_RUNS = 100
MOST_CODE = 2 << 20  # characters of code in the page; a save or a run may contain a million


@dataclass(frozen=True)
class LabWork:
    """What a learner did in a lab: passed it, and when they last ran or saved something, None for never."""

    has_passed: bool = False
    touched_at: datetime | None = None


NO_WORK = LabWork()


def lab_work_query(course_id: int, learner_id: int) -> QuerySet[Any, Any]:
    mine = Q(lab=OuterRef("pk"), learner=learner_id)
    return (
        Lab.objects.filter(course=course_id, is_retired=False)
        .annotate(
            has_passed=Exists(Run.objects.filter(mine, has_passed=True)),
            ran_at=Subquery(Run.objects.filter(mine).order_by("-created_at").values("created_at")[:1]),
            saved_at=Subquery(LabDraft.objects.filter(mine).values("saved_at")[:1]),
        )
        .order_by("position", "pk")
        .values_list("pk", "has_passed", "ran_at", "saved_at")
    )


LAB_WORK = PreparedQuery(lab_work_query, course_id=int, learner_id=int)


def lab_work(course_id: int, learner_id: int) -> dict[str, LabWork]:
    """Return a learner's work by lab, in the course's order. Runs one query."""
    rows = LAB_WORK(course_id=course_id, learner_id=learner_id)
    return {pk: LabWork(passed, max(filter(None, times), default=None)) for pk, passed, *times in rows}


def lab_by_key(course: "Course", key: str) -> Lab:
    """Return a lab by its key. Raises Refusal not_found."""
    lab = Lab.objects.filter(course=course, key=key, is_retired=False).first()
    if lab is None:
        raise Refusal("not_found")
    return lab


NOTHING = Results(0, None, False)


@dataclass(frozen=True)
class CellRun:
    """The newest run of a cell in the live session: its row, and the source that it ran."""

    run: str
    source: str


@dataclass(frozen=True)
class UnfinishedRun:
    """An unfinished run, its cells `[{id, source}]`, and for how many seconds it has been running, None if it waits."""

    run: str
    mode: str
    cells: list[dict[str, str]]
    seconds: float | None = None

    @classmethod
    def of(cls, run: Run, now: datetime) -> "UnfinishedRun":
        started_at = run.started_at
        seconds = None if started_at is None else max((now - started_at).total_seconds(), 0.0)
        return cls(run.pk, run.mode, run.cells, seconds)


@dataclass(frozen=True)
class ModelSolution:
    """A lab's model solution for one person: when it opens, the closing that it may wait for, and what they get now (D37)."""

    terms: SolutionTerms
    view: SolutionView
    closes_at: datetime | None = None


NO_SOLUTION = ModelSolution(USUAL_TERMS, solution_view(USUAL_TERMS, SolutionStage()))


@dataclass(frozen=True)
class Workbench:
    """A learner's work in a lab: the draft, the newest run of each cell in the live session, unfinished runs."""

    revision: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    ran: dict[str, CellRun] = field(default_factory=dict)
    going_on: tuple[UnfinishedRun, ...] = ()
    is_session_over: bool = False
    results: Results = NOTHING
    solution: ModelSolution = NO_SOLUTION


def workbench_of(lab: Lab, learner_id: int, now: datetime) -> Workbench:
    """Return a learner's work in a lab. Runs at most six queries, and those of `learners_solution`.

    A session counts as over once it has been idle for as long as the runner allows.
    """
    draft = draft_of(lab, learner_id)
    runs = list(_runs_in_session(lab, learner_id))
    last = max((run.finished_at or now for run in runs), default=now)
    results = results_of(lab, learner_id)
    going_on = _with_code(
        Run.objects.filter(lab=lab, learner=learner_id).exclude(state=Run.State.FINISHED).order_by("created_at")
    )
    return Workbench(
        revision=draft.revision if draft else 0,
        sources={cell["id"]: cell["source"] for cell in draft.cells} if draft else {},
        ran={cell["id"]: CellRun(run.pk, cell["source"]) for run in runs for cell in run.cells},
        going_on=tuple(UnfinishedRun.of(run, now) for run in going_on),
        is_session_over=bool(runs) and now - last > SESSION_IDLE,
        results=results,
        solution=learners_solution(lab, learner_id, results, now),
    )


def _runs_in_session(lab: Lab, learner_id: int) -> list[Run]:
    """Return the newest finished runs of the live session, oldest first."""
    live = {"session__learner": learner_id, "session__place": f"lab:{lab.pk}", "session__ended_at": None}
    rows = Run.objects.filter(state=Run.State.FINISHED, **live)
    return _with_code(rows.order_by("-created_at"))[::-1]


def _with_code(rows: QuerySet[Run]) -> list[Run]:
    """Return the first MOST_RUNS rows, as long as their cells have at most MOST_CODE characters, without outputs."""
    measured = rows.annotate(length=Length(Cast("cells", TextField())))
    lengths = list(measured.values_list("pk", "length")[:MOST_RUNS])
    totals = accumulate(length for _, length in lengths)
    chosen = [run_id for (run_id, _), total in zip(lengths, totals, strict=True) if total <= MOST_CODE]
    runs = Run.objects.defer("outputs", "silent").in_bulk(chosen) if chosen else {}
    return [runs[run_id] for run_id in chosen if run_id in runs]


def lab_late_share(lab: Lab, learner_id: int | None, now: datetime) -> LateShare | None:
    """Return how much test runs of a lab count for a learner now, or for everyone; None without a late policy (D34).

    Without a late policy, it does not query the database.
    """
    terms = lab.late_terms
    if terms is not None and learner_id is not None:
        terms = with_own_due(late_terms_of(learner_id, lab.pk), learner_id, lab.course_id, lab.pk)
    return late_share(Lateness(terms), now)


def terms_of_solution(lab: Lab) -> SolutionTerms:
    """Return when a lab's model solution opens. Runs a query only for a lab published before that was decided."""
    return lab.solution_terms or solution_terms(is_counted=bool(counted_among([lab.pk])))


def silent_labs(course_id: int) -> list[Lab]:
    """Return the labs that count and do not say when learners may open their model solutions (D37), in order.

    Runs one query, and another one if a lab was published before that was decided.
    """
    rows = Lab.objects.filter(course=course_id, is_retired=False).only("title", "solution_opens")
    labs = list(rows.order_by("module__position", "position", "pk"))
    counted = counted_among([lab.pk for lab in labs if lab.solution_terms is None])
    return [lab for lab in labs if _is_silent(lab.solution_terms, is_counted_now=lab.pk in counted)]


def _is_silent(terms: SolutionTerms | None, *, is_counted_now: bool) -> bool:
    return is_counted_now if terms is None else terms.is_counted and not terms.is_own


def learners_solution(lab: Lab, learner_id: int, results: Results, now: datetime) -> ModelSolution:
    """Return a learner's view of the model solution. Runs a query only if that depends on their own dates."""
    terms, dates = terms_of_solution(lab), lab.dates
    if terms.depends_on_closing:
        dates = lab_dates_of(lab, learner_id)
    stage = SolutionStage(results.finished, results.passed, has_closed(dates.closes_at, now))
    return ModelSolution(terms, solution_view(terms, stage), dates.closes_at)


def previewed_solution(lab: Lab, person: "User | AnonymousUser") -> ModelSolution:
    """Return the view of a person who is not enrolled as a learner: all for those with a role in it, nothing for others."""
    terms = terms_of_solution(lab)
    stage = SolutionStage(is_staff=bool(permissions_in(person, lab.course_id)))
    return ModelSolution(terms, solution_view(terms, stage), lab.dates.closes_at)


def learners_by_lab(course_id: int) -> dict[str, int]:
    """Return how many learners have saved something in each lab, by the lab's key. Runs one query."""
    rows = LabDraft.objects.filter(lab__course_id=course_id).values_list("lab__key")
    return dict(rows.annotate(Count("learner", distinct=True)).order_by())
