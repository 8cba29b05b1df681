from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from foundation.fast.prepared import PreparedQuery
from grading.rules.lateness import LateTerms
from labs.hosts import SeenHost, runner_hosts
from labs.lab_dates import labs_with_dates
from labs.models import HAS_CODE, Lab, LabDraft, LabFile, LeftFile, OutputPage, Run, Tryout, Worker
from labs.refusals import Refusal
from labs.rules.charts import MARK, is_event_file
from labs.rules.drafts import KeptVersion
from labs.rules.files import LARGEST, shown_size
from labs.rules.findable import findable_steps
from labs.rules.heartbeats import ALIVE, LATE
from labs.rules.queueing import QUEUES, Waiting, positions, starting_order
from lessons.rules.searching import Findable
from people.access import access_of, refuse_stranger

if TYPE_CHECKING:
    from accounts.models import User

CHARTED = 8 << 20  # bytes of event files to read at a time


def labs_of(course_id: int) -> list[Lab]:
    """Return a course's labs in order, without their texts, with what decides their dates. Runs one query."""
    rows = labs_with_dates().filter(course_id=course_id, is_retired=False)
    return list(rows.only("id", "title", "module", "course", "position").order_by("position"))


def findable_labs(course_id: int) -> list[Findable]:
    """Return what a search finds in a course's labs. Runs one query."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False, module__is_retired=False)
    ordered = rows.order_by("module__position", "position", "pk").only("id", "module_id", "title", "cells")
    return [
        step
        for lab in ordered
        for step in findable_steps(subject=lab.pk, module_id=lab.module_id, title=lab.title, cells=lab.cells)
    ]


def lab_titles(course_id: int) -> dict[str, str]:
    """Return the titles of a course's labs by id, also of removed ones. Runs one query."""
    return dict(Lab.objects.filter(course_id=course_id).order_by().values_list("pk", "title"))


def tryout_of(author_id: int, course_id: int, folder: str) -> Tryout | None:
    """Return an author's last tryout of the lab in this folder."""
    return Tryout.objects.filter(author=author_id, course=course_id, folder=folder).first()


def lab_by_id(lab_id: str) -> Lab:
    """Return a lab by its id. Raises Refusal not_found."""
    lab = labs_with_dates().filter(pk=lab_id, is_retired=False).first()
    if lab is None:
        raise Refusal("not_found")
    return lab


@dataclass(frozen=True)
class GradedLab:
    """A lab as the gradebook may count it; `winnable` holds the points of each test, `key` its id in the folder.

    `late` says how late test runs count, if that is less (D34).
    """

    id: str
    key: str
    title: str
    winnable: tuple[Decimal, ...]
    position: int
    late: LateTerms | None = None
    is_due: bool = False


def lab_activities(course_id: int) -> list[GradedLab]:
    """Return the labs with tests, in the course's order. Runs one query."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False).order_by("module__position", "position", "pk")
    dates = [f"{owner}__{name}_at" for owner in ("module", "course") for name in ("opens", "due", "closes")]
    kept = rows.select_related("module", "course").only("key", "title", "tests", "late", *dates)
    return [
        GradedLab(lab.pk, lab.key, lab.title, lab.winnable, position, lab.late_terms, lab.dates.due_at is not None)
        for position, lab in enumerate(row for row in kept if row.tests)
    ]


def states_query(course_id: int, learner_id: int) -> QuerySet[Lab, tuple[str, bool, bool, bool]]:
    mine = {"lab": OuterRef("pk"), "learner_id": learner_id}
    return (
        Lab.objects.filter(course_id=course_id)
        .order_by()
        .annotate(
            has_passed=Exists(Run.objects.filter(**mine, has_passed=True)),
            has_run=Exists(Run.objects.filter(**mine)),
            has_draft=Exists(LabDraft.objects.filter(**mine)),
        )
        .values_list("pk", "has_passed", "has_run", "has_draft")
    )


STATES = PreparedQuery(states_query, course_id=int, learner_id=int)


def states_of(course_id: int, learner_id: int) -> dict[str, str]:
    """Return a state per lab: in_progress with a run or a draft, done once all tests have passed.

    Labs that were not started are left out. Runs one query.
    """
    rows = STATES(course_id=course_id, learner_id=learner_id)
    return {pk: "done" if has_passed else "in_progress" for pk, has_passed, *begun in rows if any(begun)}


@dataclass(frozen=True)
class Results:
    """A learner's finished test runs of a lab: how many, the newest run's rows that count, and whether any passed."""

    finished: int
    tests: list[dict[str, Any]] | None
    passed: bool


def results_of(lab: Lab, learner_id: int) -> Results:
    rows = Run.objects.filter(lab=lab, learner=learner_id, mode=Run.Mode.TEST, tests__isnull=False)
    runs = list(rows.order_by("-finished_at").values_list("pk", "has_passed"))
    columns = Run.objects.values_list("regraded", "tests")
    newest = next(filter(None, columns.get(pk=runs[0][0])), []) if runs else None
    return Results(len(runs), newest, any(passed for _, passed in runs))


def lab_in(course_id: int, lab_id: str) -> Lab | None:
    """Return a lab of the course, even a removed one, or None."""
    return Lab.objects.filter(pk=lab_id, course_id=course_id).only("id", "title", "tests", "cells").first()


def draft_of(lab: Lab, learner_id: int) -> LabDraft | None:
    return LabDraft.objects.filter(lab=lab, learner=learner_id).defer("versions").first()


def kept_versions(lab: Lab, learner_id: int) -> list[KeptVersion]:
    """Return the versions of a learner's code that were replaced and kept, newest first."""
    return LabDraft.objects.filter(lab=lab, learner=learner_id).values_list("versions", flat=True).first() or []


def run_of(learner_id: int, run_id: str) -> Run:
    """Return the learner's own run without its code and output. Raises Refusal not_found."""
    run = Run.objects.filter(pk=run_id, learner=learner_id).defer("cells", "silent", "outputs").first()
    if run is None:
        raise Refusal("not_found")
    return run


def slug_of_run(run_id: str) -> str:
    """Return the slug of the course whose lab was run, or "" for an unknown run or a run outside a lab."""
    return Run.objects.filter(pk=run_id, lab__isnull=False).values_list("lab__course__slug", flat=True).first() or ""


def run_with_output(learner_id: int, run_id: str, *, before_output: Callable[[int], None]) -> Run:
    """Return a run with the first page of its output, and set `has_more` if there are further pages.

    For a finished run, `before_output` is called with the run's size in bytes before its output is read. Raises Refusal
    not_found.
    """
    run = Run.objects.filter(pk=run_id, learner=learner_id).defer("cells", "silent", "outputs").first()
    if run is None:
        raise Refusal("not_found")
    run.has_more = False
    if run.state == Run.State.FINISHED:
        before_output(run.size)
        run.outputs, run.has_more = _output_page(run_id, 0)
    else:
        run.outputs = []
    return run


def outputs_on_page(learner_id: int, run_id: str, number: int) -> tuple[list[dict[str, Any]], bool]:
    """Return one page of a run's output (0 is the first), and whether there are further pages. Raises Refusal not_found."""
    if not Run.objects.filter(pk=run_id, learner=learner_id).exists():
        raise Refusal("not_found")
    return _output_page(run_id, number)


def _output_page(run_id: str, number: int) -> tuple[list[dict[str, Any]], bool]:
    pages = OutputPage.objects.filter(run=run_id)
    rows = pages.filter(number=number) if number else Run.objects.filter(pk=run_id)
    outputs = rows.values_list("outputs", flat=True).first()
    if outputs is None:
        raise Refusal("not_found")
    return outputs, pages.filter(number=number + 1).exists()


def lab_for(user: "User", lab_id: str) -> Lab:
    """Return a lab that this user may see as a learner, an instructor or staff. Raises Refusal not_found, not_enrolled."""
    lab = lab_by_id(lab_id)
    refuse_stranger(access_of(user, lab.course_id))
    return lab


def runs_of(lab: Lab, learner_id: int) -> QuerySet[Run]:
    """Return the learner's own runs, without code and output; `first_cell` is the id of the first cell."""
    rows = Run.objects.filter(lab=lab, learner=learner_id).annotate(first_cell=KT("cells__0__id"))
    return rows.defer("cells", "silent", "outputs")


def files_of(lab: Lab, learner_id: int) -> QuerySet[LabFile]:
    return LabFile.objects.filter(lab=lab, learner=learner_id).defer("content").order_by("name")


def file_content(lab: Lab, learner_id: int, name: str) -> bytes:
    """Return a file's content. Raises Refusal not_found."""
    return _content(LabFile.objects.filter(lab=lab, learner=learner_id, name=name))


def left_files(run: Run) -> QuerySet[LeftFile]:
    """Return the files that were in the run's work folder after its last run; `is_kept` tells whether their content is stored."""
    rows = LeftFile.objects.filter(folder=run.folder).annotate(is_kept=Q(content__isnull=False))
    return rows.defer("content").order_by("name")


def left_content(run: Run, name: str) -> bytes:
    """Return the content of a file that code left. Raises Refusal not_found, file_not_kept."""
    return _content(LeftFile.objects.filter(folder=run.folder, name=name))


def _content(rows: QuerySet[Any]) -> bytes:
    content = rows.values_list("content", flat=True).first()
    if content is None:
        raise Refusal("file_not_kept", most=shown_size(LARGEST)) if rows.exists() else Refusal("not_found")
    return bytes(content)


def event_files(lab: Lab, learner_id: int) -> QuerySet[LeftFile]:
    """Return TensorBoard's files from the last folder that had any, by name, without their content."""
    rows = LeftFile.objects.filter(lab=lab, learner=learner_id, name__contains=MARK, content__isnull=False)
    newest = rows.order_by("-saved_at", "-pk").values_list("folder", flat=True).first()
    return rows.filter(folder=newest).defer("content").order_by("name")


def contents_of(files: QuerySet[LeftFile]) -> list[tuple[str, bytes]]:
    """Return (name, content) of the files, at most CHARTED bytes in total."""
    contents: list[tuple[str, bytes]] = []
    room = CHARTED
    for file in files:
        room -= file.size
        if is_event_file(file.name) and room >= 0:
            content = LeftFile.objects.values_list("content", flat=True).get(pk=file.pk)
            contents.append((file.name, bytes(content or b"")))
    return contents


def position_of(run: Run) -> int | None:
    """Return the run's position in its queue (1 starts next), or None once it has started."""
    return positions_in(run.queue).get(run.pk) if run.state == Run.State.QUEUED else None


def queue_positions() -> dict[str, int]:
    """Return the position of every queued run in its queue."""
    return {run_id: position for queue in QUEUES for run_id, position in positions_in(queue).items()}


def positions_in(queue: str) -> dict[str, int]:
    """Return the positions of a queue's runs by id: 1 starts next. Runs at most three queries, however many runs wait."""
    queued: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    bound: dict[str, str] = {}
    rows = Run.objects.filter(state=Run.State.QUEUED, queue=queue).order_by("created_at", "pk")
    for learner, run_id, at, *hosts in rows.values_list("learner_id", "pk", "created_at", "session__runner", "runner"):
        queued[learner].append((run_id, at))
        bound[run_id] = next(filter(None, hosts), "")
    if not queued:
        return {}
    running = Counter(Run.objects.filter(state=Run.State.RUNNING).values_list("learner_id", flat=True))
    last = last_turns(list(queued))
    waiting = [
        Waiting([run_id for run_id, _ in runs], runs[0][1], running[learner], last.get(learner))
        for learner, runs in queued.items()
    ]
    return positions(starting_order(waiting), bound)


def last_turns(learners: list[int]) -> dict[int, datetime | None]:
    """Return when each learner's newest run started; not queried for a single learner, who does not wait for others."""
    if len(learners) < 2:
        return {}
    started = Run.objects.filter(learner__in=learners).values_list("learner_id").annotate(Max("started_at"))
    return dict(started.order_by())


def living_hosts(now: datetime, *, are_ready: bool = False) -> list[str]:
    """Return the hosts whose worker was seen recently; with `are_ready`, those whose runner then accepted code."""
    rows = Worker.objects.filter(seen_at__gt=now - ALIVE)
    names = (rows.filter(runner__ready=True) if are_ready else rows).values_list("name", flat=True)
    return sorted({name.partition("/")[0] for name in names})


@dataclass(frozen=True)
class LabWorkload:
    """The state of the lab engine: runs waiting and running, seconds that the oldest has waited per queue, workers and
    runner hosts by name.
    """

    queued: int
    running: int
    age: dict[str, float]
    workers: dict[str, dict[str, Any]]
    hosts: dict[str, SeenHost]


def lab_workload(now: datetime) -> LabWorkload:
    counts = Counter(Run.objects.exclude(state=Run.State.FINISHED).values_list("state", flat=True))
    oldest = dict(
        Run.objects.filter(state=Run.State.QUEUED).values_list("queue").annotate(Min("created_at")).order_by()
    )
    age = {queue: (now - oldest[queue]).total_seconds() if queue in oldest else 0.0 for queue in QUEUES}
    rows = Worker.objects.filter(seen_at__gt=now - ALIVE)
    workers = {row.name: row.runner | liveliness(row, now) for row in rows}
    return LabWorkload(counts[Run.State.QUEUED], counts[Run.State.RUNNING], age, workers, runner_hosts(now))


@dataclass(frozen=True)
class LabLoads:
    """How many runs wait and run in each queue."""

    queued: dict[str, int]
    running: dict[str, int]


def lab_loads() -> LabLoads:
    """Count the unfinished runs. Runs one query."""
    rows = Run.objects.exclude(state=Run.State.FINISHED).values_list("queue", "state")
    counts = Counter(rows.iterator())
    by_state = [{queue: counts[queue, state] for queue in QUEUES} for state in (Run.State.QUEUED, Run.State.RUNNING)]
    return LabLoads(*by_state)


def liveliness(worker: Worker, now: datetime) -> dict[str, object]:
    """Return a worker's status. After two missed heartbeats it is not ready, whatever its runner last reported."""
    is_alive = worker.seen_at > now - LATE
    is_ready = is_alive and bool(worker.runner.get("ready"))
    return {"is_alive": is_alive, "age": (now - worker.seen_at).total_seconds(), "ready": is_ready}


def verdicts_since(course_id: int, since: datetime) -> dict[str, int]:
    """Count the runs in the course's labs since then, by verdict. Runs one query."""
    rows = Run.objects.filter(lab__course=course_id, finished_at__gte=since).order_by("verdict")
    return dict(rows.values_list("verdict").annotate(Count("pk")))


RUN_FIELDS = (
    "id",
    "lab__title",
    "mode",
    "verdict",
    "message",
    "created_at",
    "finished_at",
    "cells",
    "tests",
    "regraded",
    "outputs",
)


def lab_tables(learner_id: int, course_id: int | None) -> list[tuple[str, list[dict[str, object]]]]:
    """Return a learner's code as saved and the list of their files; of one course, or of all."""
    mine = {"learner": learner_id, **({} if course_id is None else {"lab__course_id": course_id})}
    drafts, files = LabDraft.objects.filter(**mine), LabFile.objects.filter(**mine)
    left = LeftFile.objects.filter(**mine)
    return [
        ("lab_code", list(drafts.values("lab__title", "cells", "versions", "saved_at"))),
        ("lab_files", list(files.values("id", "lab__title", "name", "size", "saved_at"))),
        ("files_written_by_code", list(left.values("id", "lab__title", "name", "size", "saved_at"))),
        ("lab_runs", list(runs_owned(learner_id, course_id).values("id", "lab__title", "verdict", "created_at"))),
    ]


def runs_owned(learner_id: int, course_id: int | None) -> QuerySet[Run]:
    """Return a learner's runs, oldest first; with a course, only those in its labs."""
    rows = Run.objects.filter(learner=learner_id).order_by("created_at", "pk")
    return rows if course_id is None else rows.filter(lab__course_id=course_id)


def whole_runs(learner_id: int, course_id: int | None) -> Iterator[dict[str, object]]:
    """Yield each run that still has its code, with all of its output."""
    for run in runs_owned(learner_id, course_id).filter(HAS_CODE).values(*RUN_FIELDS).iterator(20):
        pages = OutputPage.objects.filter(run=run["id"]).order_by("number").values_list("outputs", flat=True)
        yield {**run, "outputs": [*run["outputs"], *(output for page in pages for output in page)]}


def file_contents(learner_id: int, course_id: int | None) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each file that the learner added or their code wrote."""
    mine = {"learner": learner_id, **({} if course_id is None else {"lab__course_id": course_id})}
    for folder, model in (("lab_files", LabFile), ("files_written_by_code", LeftFile)):
        for pk, content in model.objects.filter(**mine, content__isnull=False).values_list("pk", "content").iterator(1):
            yield f"{folder}/{pk}", bytes(content)
