"""Execute a claimed run on the runner: pass events to watchers, then store the verdict."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError

from foundation.tracing import add_parts, span
from labs import sandbox
from labs.models import Run, Session
from labs.rules.outputs import join_streams
from labs.services.claiming import BROKEN, give_back
from labs.services.finishing import RunOutcome, finish_run
from labs.services.hosts import end_lost, is_draining, leave_lost_hosts
from labs.services.sessions import ENDED, has_ended, open_again, ran_in
from labs.services.watchers import tell_watchers
from labs.services.work_folders import collect_files, files_to_place, place_files

type Clock = Callable[[], datetime]
type Events = Iterator[dict[str, Any]]

TOO_FULL = "The files that you put beside this lab's code do not fit into its work folder. Delete one and run again."
IN_THE_WAY = (
    "A file that you put beside this lab's code could not be placed: its name belongs to a folder that the code made. "
    "Your file is safe. Restart the session, or rename the file or the folder, and run again."
)
# Refusals that are not the run's fault: a full or unsafe runner, one of another release, or a session that was closed to
# make room.
PASSING = ("at_capacity", "unsafe", "forbidden", "other_protocol", "session_busy", "no_such_session", "session_ended")
REFUSED = {"disk_full": RunOutcome("disk_limit", TOO_FULL), "no_such_file": RunOutcome("failed", IN_THE_WAY)}
NO_SESSION = ("no_such_session", "session_ended")
FULL = ("at_capacity", "unsafe", "forbidden", "other_protocol")
log = logging.getLogger(__name__)


class Taken(Enum):
    """Whether the runner took a run. `NOT_THIS`: it refused this run, but may take others."""

    YES = auto()
    NOT_THIS = auto()
    NOTHING = auto()


class SessionLost(Exception):
    """The process of the session in which a run had begun is gone. Its cells are not replayed in a new one."""


class SessionEnded(Exception):
    """The session was reset, so further runs in it end."""


class SessionMoves(Exception):
    """The session's process has ended on a host that drains, so another host opens the next one."""


@dataclass
class RunRecorder:
    """Record the output of a run, and pass it to watchers. Cells that run silently are reported only if they fail."""

    run: Run
    outputs: list[dict[str, Any]] = field(default_factory=list)
    held_back: list[dict[str, Any]] = field(default_factory=list)
    has_begun: bool = False
    has_reported_start: bool = False

    @property
    def silent(self) -> set[str]:
        return {cell["id"] for cell in self.run.silent}

    def start_over(self) -> None:
        """Forget the output of an earlier try, or of another worker's."""
        self.outputs, self.held_back, self.has_reported_start = [], [], False

    def report_start(self) -> None:
        """Tell watchers, once for each try, that the run begins. A run that its runner refuses still waits."""
        if not self.has_reported_start:
            self.has_reported_start = True
            self.send({"event": "started"})

    def record(self, event: dict[str, Any]) -> None:
        self.has_begun = True
        self.report_start()
        if event["event"] == "tested":
            self.send(event)
        if event["event"] not in ("cell", "frame"):
            return
        if event.get("cell") not in self.silent:
            self.pass_on(event)
        elif event["event"] == "frame":
            self.held_back.append(event)
        elif event["state"] not in ("started", "succeeded"):
            for held_event in [*self.held_back, event]:
                self.pass_on(held_event)

    def pass_on(self, event: dict[str, object]) -> None:
        if event["event"] == "frame":
            self.outputs.append({"seq": event["seq"], "cell": event["cell"], "data": event["data"]})
        self.send(event)

    def send(self, event: dict[str, object]) -> None:
        tell_watchers(run=self.run, event=event)


def execute_run(*, run: Run, clock: Clock) -> Taken:
    """Execute a claimed run. Return whether the runner took it. If it did not, the run went back to the queue.

    The runner gets an id derived from the run's. After a worker's death, the next worker attaches to what is still
    running, so code never runs twice. A failure of ours costs the run one try; after the last, it is broken.
    """
    try:
        return _execute(run, clock)
    except (OperationalError, InterfaceError):
        raise  # the database is unavailable: once the lease expires, another worker takes the run
    except Exception:
        log.exception("run %s failed in the worker", run.pk)
        give_back(run=run, is_loss=True, has_begun=True, now=clock())
        return Taken.YES


def _execute(run: Run, clock: Clock) -> Taken:
    recorder = RunRecorder(run)
    try:
        outcome = _outcome_of(run, recorder, clock)
    except sandbox.RunnerGone as error:
        log.warning("run %s lost its runner: %s", run.pk, error)
        give_back(run=run, is_loss=recorder.has_begun, has_begun=recorder.has_begun or run.resumes, now=clock())
        return _go_on_without(run.runner, clock())
    except sandbox.Refused as error:
        log.warning("the runner did not accept run %s: %s", run.pk, error)
        return _settle_refused(recorder, error, clock())
    except SessionLost:
        recorder.report_start()  # pages then discard the output that they show: the database has none
        end_lost(run=run, now=clock())
        return Taken.YES
    except SessionEnded:
        finish_run(run=run, outcome=ENDED, now=clock())
        return Taken.YES
    except SessionMoves:
        give_back(run=run, is_loss=False, has_begun=False, now=clock())
        return Taken.YES
    finish_run(run=run, outcome=outcome, now=clock())
    return Taken.YES


def _settle_refused(recorder: RunRecorder, error: sandbox.Refused, now: datetime) -> Taken:
    """Return a refused run to the queue if the cause is temporary. If the runner failed, do so only a few times."""
    run = recorder.run
    if error.code in PASSING or error.code == "broken":
        give_back(run=run, is_loss=error.code == "broken", has_begun=run.resumes, now=now)
        if error.others_fit:
            return Taken.NOT_THIS
        return _go_on_without(run.runner, now) if error.code in FULL else Taken.NOTHING
    recorder.report_start()
    finish_run(run=run, outcome=REFUSED.get(error.code, RunOutcome("broken", BROKEN)), now=now)
    return Taken.YES


def _go_on_without(host: str, now: datetime) -> Taken:
    """Start nothing on this host until the next look at it. Return NOTHING without other hosts."""
    if not settings.RUNNERS:
        return Taken.NOTHING
    sandbox.away.add(host)
    leave_lost_hosts(now=now)
    return Taken.YES


def _outcome_of(run: Run, recorder: RunRecorder, clock: Clock) -> RunOutcome:
    for attempt in range(sandbox.TRIES):
        recorder.start_over()
        name = sandbox.attempt_name(run.pk, attempt)
        end = _record_events(_events(run, name, recorder, clock), recorder)
        if end["verdict"] != "broken":
            collect_files(run=run, name=name, listed=end["files"], now=clock())
            return RunOutcome(end["verdict"], end["message"], join_streams(recorder.outputs), end["tests"])
        log.warning("run %s broke: %s", run.pk, end["message"])
    return RunOutcome("broken", BROKEN, join_streams(recorder.outputs))


def _record_events(events: Events, recorder: RunRecorder) -> dict[str, Any]:
    with span("run code", kind="client", attributes={"finalcheck.host": recorder.run.runner}) as here:
        for event in events:
            recorder.record(event)
            if event["event"] == "finished":
                add_parts(here, "runner", event.get("parts", ()))
                return event
    raise sandbox.RunnerGone("The lab runner hung up before the end of the run.")


def _events(run: Run, run_id: str, recorder: RunRecorder, clock: Clock) -> Events:
    options = {"runtime": run.runtime, "limits": run.limits}
    if run.mode == Run.Mode.TEST:
        assert run.lab is not None
        probes = {**run.lab.files, "probes.py": run.lab.probes}
        files = files_to_place(run.lab, run.learner_id)
        return sandbox.test_cells(run.runner, run_id, run.cells, probes=probes, seed=run.seed, files=files, **options)
    if run.session is None:
        return sandbox.run_cells(run.runner, run_id, run.silent + run.cells, **options)
    return _events_in_session(run, run_id, recorder, clock)


def _events_in_session(run: Run, run_id: str, recorder: RunRecorder, clock: Clock) -> Events:
    session = run.session
    assert session is not None
    if has_ended(session):
        raise SessionEnded
    if session.runner == run.runner:
        try:
            yield from _cells_in_session(
                run, run_id, [cell for cell in run.silent if cell["id"] not in ran_in(session)]
            )
            return
        except sandbox.Refused as error:
            if error.code not in NO_SESSION:
                raise
    if run.resumes:
        raise SessionLost
    if session.runner and is_draining(session.runner):
        Session.objects.filter(pk=session.pk).update(runner="")
        raise SessionMoves
    open_again(session=session, run=run, now=clock())
    recorder.report_start()
    recorder.send({"event": "session", "state": "opened"})
    yield from _cells_in_session(run, run_id, run.silent)


def _cells_in_session(run: Run, run_id: str, first: list[dict[str, str]]) -> Events:
    session = run.session
    assert session is not None
    place_files(session=session, lab=run.lab)
    options = {"session": session.pk, "runtime": run.runtime, "limits": run.limits}
    return sandbox.run_cells(run.runner, run_id, first + run.cells, **options)
