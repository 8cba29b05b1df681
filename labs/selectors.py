from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from course.rules.refusals import Refusal
from course.selectors import active_enrollment
from labs.models import Lab, LabDraft, LabFile, LeftFile, Run, Worker
from labs.rules.charts import MARK, is_event_file
from labs.rules.files import LARGEST, shown_size
from labs.rules.queueing import ALIVE, QUEUES, position

CHARTED = 8 << 20  # bytes of event files that are read at once


def labs_of(course_id: int) -> list[Lab]:
    """A course's labs in order, without their texts: one statement."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False)
    return list(rows.only("id", "title", "module_id", "position").order_by("position"))


def lab_by_id(lab_id: str) -> Lab:
    """Raises Refusal not_found."""
    lab = Lab.objects.filter(pk=lab_id, is_retired=False).first()
    if lab is None:
        raise Refusal("not_found")
    return lab


@dataclass(frozen=True)
class Activity:
    """A lab as the gradebook may count it; `winnable` are the points of each test."""

    id: str
    title: str
    winnable: tuple[Decimal, ...]
    position: int


def lab_activities(course_id: int) -> list[Activity]:
    """Labs with tests, in the course's order: one statement."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False).order_by("module__position", "position", "pk")
    found = [(pk, title, tests) for pk, title, tests in rows.values_list("pk", "title", "tests") if tests]
    return [
        Activity(pk, title, tuple(Decimal(test["points"]) for test in tests), position)
        for position, (pk, title, tests) in enumerate(found)
    ]


def states_of(course_id: int, learner_id: int) -> dict[str, str]:
    """By lab: in_progress with a run or a draft, done once all tests passed; a lab not begun is not there."""
    runs = Run.objects.filter(lab__course=course_id, learner=learner_id).values_list("lab_id").order_by()
    passed = dict(runs.annotate(passed=Count("pk", filter=Q(has_passed=True))))
    drafts = LabDraft.objects.filter(lab__course=course_id, learner=learner_id).values_list("lab_id", flat=True)
    return dict.fromkeys(drafts, "in_progress") | {lab: "done" if n else "in_progress" for lab, n in passed.items()}


@dataclass(frozen=True)
class Results:
    """A learner's finished test runs of a lab: how many, the newest one's rows, and whether any passed."""

    finished: int
    tests: list[dict[str, Any]] | None
    passed: bool


def results_of(lab: Lab, learner_id: int) -> Results:
    rows = Run.objects.filter(lab=lab, learner=learner_id, mode=Run.Mode.TEST, tests__isnull=False)
    found = list(rows.order_by("-finished_at").values_list("pk", "has_passed"))
    newest = Run.objects.filter(pk=found[0][0]).values_list("tests", flat=True).get() if found else None
    return Results(len(found), newest, any(passed for _, passed in found))


def draft_of(lab: Lab, learner_id: int) -> LabDraft | None:
    return LabDraft.objects.filter(lab=lab, learner=learner_id).first()


def run_of(learner_id: int, run_id: str) -> Run:
    """Raises Refusal not_found for a run that is not one's own."""
    run = Run.objects.filter(pk=run_id, learner=learner_id).first()
    if run is None:
        raise Refusal("not_found")
    return run


def lab_for(user: Any, lab_id: str) -> Lab:
    """A lab as its learners, instructors and staff may see it. Raises Refusal not_found, not_enrolled."""
    lab = lab_by_id(lab_id)
    if not user.is_staff and active_enrollment(user, lab.course_id) is None:
        raise Refusal("not_enrolled")
    return lab


def runs_of(lab: Lab, learner_id: int) -> QuerySet[Run]:
    """One's own, without code and output."""
    return Run.objects.filter(lab=lab, learner=learner_id).defer("cells", "silent", "outputs")


def files_of(lab: Lab, learner_id: int) -> QuerySet[LabFile]:
    return LabFile.objects.filter(lab=lab, learner=learner_id).defer("content").order_by("name")


def file_content(lab: Lab, learner_id: int, name: str) -> bytes:
    """Raises Refusal not_found."""
    return _content(LabFile.objects.filter(lab=lab, learner=learner_id, name=name))


def left_files(run: Run) -> QuerySet[LeftFile]:
    """What lay in the run's work folder after the last run there; `is_kept` says whether we have the content."""
    rows = LeftFile.objects.filter(folder=run.folder).annotate(is_kept=Q(content__isnull=False))
    return rows.defer("content").order_by("name")


def left_content(run: Run, name: str) -> bytes:
    """Raises Refusal not_found, file_not_kept."""
    return _content(LeftFile.objects.filter(folder=run.folder, name=name))


def _content(rows: QuerySet[Any]) -> bytes:
    found = rows.values_list("content", flat=True).first()
    if found is None:
        raise Refusal("file_not_kept", most=shown_size(LARGEST)) if rows.exists() else Refusal("not_found")
    return bytes(found)


def event_files(lab: Lab, learner_id: int) -> list[tuple[str, bytes]]:
    """TensorBoard's files in the folder that last had any, by name, at most CHARTED bytes."""
    rows = LeftFile.objects.filter(lab=lab, learner=learner_id, name__contains=MARK, content__isnull=False)
    newest = rows.order_by("-saved_at", "-pk").values_list("folder", flat=True).first()
    found: list[tuple[str, bytes]] = []
    room = CHARTED
    for name, content in rows.filter(folder=newest).order_by("name").values_list("name", "content"):
        room -= len(content)
        if is_event_file(name) and room >= 0:
            found.append((name, bytes(content)))
    return found


def position_of(run: Run) -> int | None:
    """The place in its queue, 1 being the next; None once it runs."""
    if run.state != Run.State.QUEUED:
        return None
    waiting = Run.objects.filter(state=Run.State.QUEUED, queue=run.queue)
    mine = waiting.filter(learner=run.learner_id, created_at__lt=run.created_at).count()
    others = Counter(waiting.exclude(learner=run.learner_id).values_list("learner_id", flat=True))
    return position(mine, others.values())


def living_hosts(now: datetime) -> list[str]:
    """Hosts whose worker was seen lately."""
    names = Worker.objects.filter(seen_at__gt=now - ALIVE).values_list("name", flat=True)
    return sorted({name.partition("/")[0] for name in names})


@dataclass(frozen=True)
class LabPulse:
    """How the lab engine is: runs waiting and running, seconds the oldest has waited by queue, workers by name."""

    queued: int
    running: int
    age: dict[str, float]
    workers: dict[str, dict[str, Any]]


def lab_pulse(now: datetime) -> LabPulse:
    counts = Counter(Run.objects.exclude(state=Run.State.FINISHED).values_list("state", flat=True))
    oldest = dict(
        Run.objects.filter(state=Run.State.QUEUED).values_list("queue").annotate(Min("created_at")).order_by()
    )
    age = {queue: (now - oldest[queue]).total_seconds() if queue in oldest else 0.0 for queue in QUEUES}
    workers = dict(Worker.objects.filter(seen_at__gt=now - ALIVE).values_list("name", "runner"))
    return LabPulse(counts[Run.State.QUEUED], counts[Run.State.RUNNING], age, workers)


def verdicts_since(course_id: int, since: datetime) -> dict[str, int]:
    """How many runs in the course's labs ended how since then: one statement."""
    rows = Run.objects.filter(lab__course=course_id, finished_at__gte=since).order_by("verdict")
    return dict(rows.values_list("verdict").annotate(Count("pk")))
