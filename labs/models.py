"""Labs as loaded from the course folder, and learners' work in them: drafts, sessions, runs."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from course.rules.schedule import Dates
from foundation.ids import new_id
from foundation.opaque import OpaqueText
from grading.rules.lateness import LateTerms, terms_when_due
from labs.rules.solutions import SolutionTerms, stored_terms
from labs.rules.trying import tried_digest


class Lab(models.Model):
    """An exercise made of cells. `probes`, and `files`, which the judge reads with them, are never sent to learners.

    `cells` are `[{id, type, source, html}]` (only text cells have html); `tests` are the names and points of the
    probes.
    """

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    module = models.ForeignKey("course.Module", models.PROTECT, related_name="+")
    course = models.ForeignKey("course.Course", models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    runtime = models.CharField(max_length=4, default="tf2")
    limits = models.JSONField(default=dict, blank=True)
    minutes = models.PositiveIntegerField(default=0, db_default=0)
    objectives = models.JSONField(default=list, blank=True)
    cells = models.JSONField(default=list)
    source = models.TextField()
    solution = models.TextField(blank=True)
    probes = models.TextField(blank=True)
    files = models.JSONField(default=dict, blank=True)
    tests = models.JSONField(default=list, blank=True)
    # {percent_per_day, grace_minutes, lowest_percent}, if there is a late policy (D34)
    late = models.JSONField(null=True, blank=True)
    # {opens, runs, is_counted, is_own}; null until the course is published by a version that knows D37
    solution_opens = models.JSONField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    is_retired = models.BooleanField(default=False)
    history = HistoricalRecords()
    dates_vary = True  # not stored: whether a group or a learner may have other dates (`people.selectors.dates_vary`)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lab_key")]

    def __str__(self) -> str:
        return self.title

    @property
    def dates(self) -> Dates:
        """Return the dates in force: those of the module, within those of the course (D22)."""
        return self.module.own_dates.within(self.course.own_dates)

    @property
    def winnable(self) -> tuple[Decimal, ...]:
        """Return the points of each test."""
        return tuple(Decimal(test["points"]) for test in self.tests)

    @property
    def tried(self) -> str:
        """Return the digest by which a trial of the lab's programs is recorded."""
        programs = {**self.files, "lab.py": self.source, "solution.py": self.solution, "probes.py": self.probes}
        return tried_digest(programs, self.runtime, self.limits)

    @property
    def late_terms(self) -> LateTerms | None:
        """Return how late test runs count for everyone, or None without a late policy or a due date."""
        return terms_when_due(self.late, self.dates.due_at) if self.late else None

    @property
    def solution_terms(self) -> SolutionTerms | None:
        """Return when the model solution opens, or None if the lab was published before that was decided (D37)."""
        return None if self.solution_opens is None else stored_terms(self.solution_opens)


class LabDraft(models.Model):
    """A learner's version of a lab's cells, as last saved: `[{id, source}]`. A save names the revision it was based on (D7).

    `versions` are those that a restore or a save with fewer cells replaced, newest first: `[{revision, saved_at, cells}]`.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lab = models.ForeignKey(Lab, models.CASCADE, related_name="+")
    cells = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    versions = models.JSONField(default=list, db_default=[])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lab"], name="one_lab_draft")]


class Session(models.Model):
    """The live process behind an open lab or lesson page (`page` is the client's random key for a lesson page).

    `runner` names the host whose runner has the process; it is empty until a worker opens the process, and after a
    reset. `placed` maps the names of the learner's files in the work folder to digests.
    """

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.CharField(max_length=24)
    page = models.CharField(max_length=64, blank=True)
    runner = models.CharField(max_length=100, blank=True)
    placed = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "place", "page"], condition=models.Q(ended_at=None), name="one_live_session"
            )
        ]


class Run(models.Model):
    """One execution of code, from the queue to its verdict. This row is authoritative: messages only wake workers.

    `outputs` is the first page of the output; further pages are rows of OutputPage. `size` is the bytes of code and of
    all output as JSON, or 0 once the output was removed. The code goes with it, unless a grade follows from the run.

    A worker claims the run by compare-and-set and holds it until `lease_until`. `claim` counts the claims, so a worker
    that lost the run can no longer write to it. `runner` names the host on which it began, where a new worker finds it
    again; it is empty until then, and once that host is lost. `trace` is the traceparent of the request that ordered it, if
    traces are kept.

    `judged_by` is the digest of the probes that judged a test run; it is empty for runs of earlier versions. `regraded`
    holds the tests' results that count in place of `tests` while a LabRegrade is in force.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        FINISHED = "finished"

    class Mode(models.TextChoices):
        CELL = "cell"
        ALL = "all"
        TEST = "test"
        FREE = "free"
        LISTING = "listing"

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lab = models.ForeignKey(Lab, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="runs")
    mode = models.CharField(max_length=8, choices=Mode)
    runtime = models.CharField(max_length=4)
    cells = models.JSONField()
    silent = models.JSONField(default=list)
    limits = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    queue = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    verdict = models.CharField(max_length=16, null=True)  # noqa: DJ001  # null until finished, on the wire too
    message = models.TextField(blank=True)
    outputs = models.JSONField(default=list)
    has_output = models.BooleanField(default=False)
    size = models.PositiveIntegerField(default=0)
    tests = models.JSONField(null=True)
    judged_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    regraded = models.JSONField(null=True)
    has_passed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    is_stopping = models.BooleanField(default=False)
    worker = models.CharField(max_length=120, blank=True)
    claim = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    runner = models.CharField(max_length=100, blank=True, default="", db_default="")
    losses = models.PositiveSmallIntegerField(default=0)
    trace = models.CharField(max_length=55, blank=True, default="", db_default="")
    resumes = False  # not stored: whether it was claimed before, and may still be going on at its runner

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="finished", verdict__isnull=False, finished_at__isnull=False)
                | (~models.Q(state="finished") & models.Q(verdict=None, finished_at=None)),
                name="run_verdict_at_the_end",
            ),
            # One cell at a time in a live session, whichever worker claims it.
            models.UniqueConstraint(fields=["session"], condition=models.Q(state="running"), name="one_run_in_session"),
        ]
        indexes = [
            models.Index(fields=["queue", "created_at"], condition=models.Q(state="queued"), name="run_queue"),
            models.Index(fields=["lease_until"], condition=models.Q(state="running"), name="run_leases"),
            models.Index(fields=["learner", "lab"], name="run_of_learner"),
            models.Index(fields=["learner", "created_at"], name="run_by_day"),
            models.Index(fields=["learner", "created_at"], condition=models.Q(size__gt=0), name="run_full"),
            models.Index(fields=["finished_at"], condition=models.Q(size__gt=0), name="run_kept"),
        ]

    @property
    def folder(self) -> str:
        """Return the name of its work folder: the session's id, or its own id if it runs in a fresh process."""
        return self.session_id or self.pk


HAS_CODE = models.Q(size__gt=0) | ~models.Q(cells=[])  # a condition for runs


class Retest(models.Model):
    """A lab's stored test runs, run again with its tests as they are now: the preview of a LabRegrade.

    `probes` and `files` are the lab's when the retest began, and `digest` is theirs. Any worker may run the next one
    once `lease_until` has passed. A canceled retest is finished, too.
    """

    lab = models.ForeignKey(Lab, models.PROTECT, related_name="retests")
    probes = models.TextField()
    files = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    total = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    is_canceled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lab"], condition=models.Q(finished_at=None), name="one_retest_at_a_time")
        ]


class RetestedRun(models.Model):
    """The results of a stored test run in a retest; `tests` is null if the run gave no results this time."""

    retest = models.ForeignKey(Retest, models.PROTECT, related_name="runs")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    tests = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["retest", "run"], name="retested_once")]


class LabRegrade(models.Model):
    """The record that the results of a retest count, or, if it undoes another, that they no longer do (D17).

    Without `lowers`, a run's new results count only if they are better.
    """

    retest = models.ForeignKey(Retest, models.PROTECT, related_name="regrades")
    lowers = models.BooleanField(default=False)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Tryout(models.Model):
    """An author's version of a lab, tried before anyone else sees it: `folder` is the lab's, `files` its texts by name.

    `results` are `[{name, problems}]` of the trials so far. `asked` are the names that its tests ask for, null until the
    first trial has found them. Any worker may carry out the next trial once `lease_until` has passed.
    """

    id = OpaqueText(primary_key=True, max_length=12, default=new_id, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey("course.Course", models.CASCADE, related_name="+")
    folder = models.CharField(max_length=300)
    files = models.JSONField()
    runtime = models.CharField(max_length=4)
    limits = models.JSONField(default=dict)
    asked = models.JSONField(null=True)
    results = models.JSONField(default=list)
    total = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "course", "folder"], name="one_tryout")]


class PassedTryout(models.Model):
    """A version of a lab's programs that passed every trial, by its digest (`labs.rules.trying.tried_digest`).

    Programs that judge are published only with such a row. It outlives the tryout, of which an author has one at a time.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    passed_at = models.DateTimeField()


class OutputPage(models.Model):
    """A further page of a run's output; the run's row holds the first. Pages keep each API reply small."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    outputs = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_output_page")]


class DrawnCharts(models.Model):
    """The charts from the event files that a learner's code last wrote in a lab, computed once per set of files.

    `files` is the digest of the files' names, sizes and times of change; `charts` is the JSON to send.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lab = models.ForeignKey(Lab, models.CASCADE, related_name="+")
    files = models.CharField(max_length=64)
    charts = models.TextField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lab"], name="one_drawn_charts")]
        indexes = [models.Index(fields=["drawn_at"], name="drawn_at")]


class LabFile(models.Model):
    """A small file that a learner added to a lab. It is placed in the work folder of sessions and test runs."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lab = models.ForeignKey(Lab, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lab", "name"], name="one_lab_file")]


class LeftFile(models.Model):
    """A file that was in the work folder after the last run of a session, or of a run in a fresh process.

    `folder` is the session's or the run's id. `changed` is the file's own time of change, which shows whether it
    changed since. `content` is null if the file is too large to keep. Hostile code made the file: only
    `labs.rules.records` interprets it.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    lab = models.ForeignKey(Lab, models.CASCADE, null=True, related_name="+")
    folder = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    changed = models.BigIntegerField()
    content = models.BinaryField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "name"], name="one_left_file")]
        indexes = [
            models.Index(fields=["learner", "lab"], name="left_by_learner"),
            models.Index(fields=["saved_at"], name="left_at"),
        ]


class RunnerHost(models.Model):
    """A runner on another machine, as workers last saw it. `status` is its last answer, and `problem` says why it does not answer.

    `seen_at` is when any worker last had an answer, `unready_at` when its answers began to refuse code, and `lost_at`
    when all workers gave it up. A host that drains starts neither new sessions nor runs in fresh processes.
    """

    name = models.CharField(primary_key=True, max_length=100)
    status = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)
    unready_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    is_draining = models.BooleanField(default=False)


class Worker(models.Model):
    """A process that executes runs, and the last status of its runner, for the health page."""

    name = models.CharField(primary_key=True, max_length=120)
    seen_at = models.DateTimeField()
    runner = models.JSONField(default=dict)
