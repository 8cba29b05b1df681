"""A claimed run through the runner: events to whoever watches, the verdict onto the row."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labs import sandbox, streams
from labs.models import Run
from labs.services.claiming import BROKEN, give_back
from labs.services.finishing import Outcome, finish_run
from labs.services.scoring import EvidenceFor
from labs.services.sessions import open_again, ran_in
from labs.services.work_folders import collect_files, place_files, placed_in

type Clock = Callable[[], datetime]
type Events = Iterator[dict[str, Any]]

TOO_FULL = "The files that you put beside this lab's code do not fit into its work folder. Delete one and run again."
NO_SESSION = ("no_such_session", "session_ended")
log = logging.getLogger(__name__)


@dataclass
class Listening:
    """What was heard of a run so far. Cells that run silently are heard only where they fail."""

    run: Run
    outputs: list[dict[str, Any]] = field(default_factory=list)
    unheard: list[dict[str, Any]] = field(default_factory=list)
    has_begun: bool = False

    @property
    def silent(self) -> set[str]:
        return {cell["id"] for cell in self.run.silent}

    def begin(self) -> None:
        """Again from the start: another try, or another worker's."""
        self.outputs, self.unheard = [], []
        self.say({"event": "started"})

    def hear(self, event: dict[str, Any]) -> None:
        self.has_begun = True
        if event["event"] == "tested":
            self.say(event)
        if event["event"] not in ("cell", "frame"):
            return
        if event.get("cell") not in self.silent:
            self.pass_on(event)
        elif event["event"] == "frame":
            self.unheard.append(event)
        elif event["state"] not in ("started", "succeeded"):
            for each in [*self.unheard, event]:
                self.pass_on(each)

    def pass_on(self, event: dict[str, Any]) -> None:
        if event["event"] == "frame":
            self.outputs.append({"seq": event["seq"], "cell": event["cell"], "data": event["data"]})
        self.say(event)

    def say(self, event: dict[str, Any]) -> None:
        streams.append(self.run.pk, {**event, "claim": self.run.claim})


def execute_run(*, run: Run, clock: Clock, evidence_for: EvidenceFor | None = None) -> bool:
    """See a claimed run through. False where the runner could not take it and it went back to the queue.

    The runner is asked with an id made of the run's, so that after a worker's death the next one attaches to what
    still runs, and nothing runs twice.
    """
    heard = Listening(run)
    try:
        outcome = _outcome_of(run, heard, clock)
    except sandbox.RunnerGone as error:
        log.warning("run %s lost its runner: %s", run.pk, error)
        give_back(run=run, is_loss=heard.has_begun, now=clock())
        return False
    except sandbox.Refused as error:
        log.warning("run %s was not taken: %s", run.pk, error)
        return _settle_refused(run, error, clock())
    finish_run(run=run, outcome=outcome, now=clock(), evidence_for=evidence_for)
    return True


def _settle_refused(run: Run, error: sandbox.Refused, now: datetime) -> bool:
    """A request that the runner cannot read will not become better; anything else passes with time."""
    outcome = Outcome("disk_limit", TOO_FULL) if error.code == "disk_full" else Outcome("broken", BROKEN)
    if error.code not in ("bad_request", "disk_full"):
        give_back(run=run, is_loss=False, now=now)
        return False
    finish_run(run=run, outcome=outcome, now=now)
    return True


def _outcome_of(run: Run, heard: Listening, clock: Clock) -> Outcome:
    for attempt in range(sandbox.TRIES):
        heard.begin()
        name = sandbox.name_of(run.pk, attempt)
        end = _hear_all(_events(run, name, heard, clock), heard)
        if end["verdict"] != "broken":
            collect_files(run=run, name=name, listed=end["files"], now=clock())
            return Outcome(end["verdict"], end["message"], heard.outputs, end["tests"])
        log.warning("run %s broke: %s", run.pk, end["message"])
    return Outcome("broken", BROKEN, heard.outputs)


def _hear_all(events: Events, heard: Listening) -> dict[str, Any]:
    for event in events:
        heard.hear(event)
        if event["event"] == "finished":
            return event
    raise sandbox.RunnerGone("The lab runner said no end.")


def _events(run: Run, run_id: str, heard: Listening, clock: Clock) -> Events:
    options = {"runtime": run.runtime, "limits": run.limits}
    if run.mode == Run.Mode.TEST:
        assert run.lab is not None
        probes = sandbox.place_probes({**run.lab.files, "probes.py": run.lab.probes})
        files = placed_in(run.lab, run.learner_id)
        return sandbox.test_cells(run_id, run.cells, probes=probes, seed=run.seed, files=files, **options)
    if run.session is None:
        return sandbox.run_cells(run_id, run.cells, **options)
    return _events_in_session(run, run_id, heard, clock)


def _events_in_session(run: Run, run_id: str, heard: Listening, clock: Clock) -> Events:
    session = run.session
    assert session is not None
    cells = [cell for cell in run.silent if cell["id"] not in ran_in(session)] + run.cells
    try:
        place_files(session=session, lab=run.lab)
        yield from sandbox.run_cells(run_id, cells, session=session.pk, runtime=run.runtime, limits=run.limits)
    except sandbox.Refused as error:
        if error.code not in NO_SESSION:
            raise
        open_again(session=session, run=run, now=clock())
        heard.say({"event": "session", "state": "opened"})
        place_files(session=session, lab=run.lab)
        cells = run.silent + run.cells
        yield from sandbox.run_cells(run_id, cells, session=session.pk, runtime=run.runtime, limits=run.limits)
