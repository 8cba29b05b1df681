"""Serve all requests of the runner's clients: runs, sessions, tests, stops, files. One event loop, no threads."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Coroutine

from labs.runner.protocol import Refused, RunLimits, SourceCell
from labs.runner.supervisor import examination, files, host
from labs.runner.supervisor.box import Box, SetupFailed
from labs.runner.supervisor.boxes import Boxes, Options
from labs.runner.supervisor.cgroup import Groups
from labs.runner.supervisor.endings import outcome_in_time
from labs.runner.supervisor.execution import Execution, Outcome
from labs.runner.supervisor.pool import Pool
from labs.runner.supervisor.requests import (
    bad,
    cells_of,
    content_of,
    files_of,
    limits_of,
    probes_of,
    runtime_of,
    seed_of,
    text_of,
    whole_of,
)
from labs.runner.supervisor.runs import ActiveRun, Runs
from labs.runner.supervisor.sessions import LiveSession, Sessions

SWEEP_SECONDS = 1.0
Work = Callable[[ActiveRun, dict], Coroutine[None, None, Outcome]]
FreshBox = tuple[str, RunLimits, int | None]  # the runtime, the limits, and the seed of a box to be made
log = logging.getLogger(__name__)


class RunnerSupervisor:
    """Refuse all work until `is_safe`, which only a passed self-test sets. Each public method answers one request."""

    def __init__(self, options: Options, tier: str, pool: Pool, groups: Groups | None = None):
        self.options, self.pool = options, pool
        self.is_safe = False
        self.sessions = Sessions()
        self.runs = Runs(options.most_runs)
        self.boxes = Boxes(options, tier, pool, self.sessions, groups)

    def refuse_unsafe(self) -> None:
        if not self.is_safe:
            raise Refused("unsafe", "The lab's sandbox failed its self-test, so the lab does not run code.")

    def refuse_full(self, fresh: FreshBox) -> None:
        """Refuse a run if its process cannot be made now."""
        self.refuse_unsafe()
        self.boxes.refuse_full(*fresh)

    # Requests that run code

    def attached(self, request: dict) -> ActiveRun | None:
        """Return the run with this id, if it exists already."""
        return self.runs.by_id.get(text_of(request, "id"))

    def run(self, request: dict) -> ActiveRun:
        cells, limits, runtime = self.order_of(request)
        fresh = (runtime, limits, None)

        async def work(run: ActiveRun, report: dict) -> Outcome:
            return await self.in_fresh_box(run, report, fresh, lambda execution: execution.cells(cells))

        self.refuse_full(fresh)
        return self.start(request, work, limits.longest_run())

    def test(self, request: dict) -> ActiveRun:
        cells, limits, runtime = self.order_of(request)
        probes, seed = probes_of(request), whole_of(request, "seed", least=None)
        placed = files_of(request)
        # The judge's own seed never enters the learner's process. The same code always starts with the same seed.
        fresh = (runtime, limits, seed_of(cells))

        async def work(run: ActiveRun, report: dict) -> Outcome:
            async def run_and_examine(execution: Execution) -> Outcome:
                if problem := place_files(execution.box, placed):
                    return problem
                outcome = await execution.cells(cells)
                if outcome.verdict == "succeeded":
                    order = examination.ExaminationOrder(*probes, seed)
                    outcome = await self.examine(execution, runtime, order, report)
                return outcome

            return await self.in_fresh_box(run, report, fresh, run_and_examine)

        self.refuse_full(fresh)
        return self.start(request, work, limits.longest_run(is_tested=True))

    def cell(self, request: dict) -> ActiveRun:
        cells = cells_of(request)
        limits = self.sessions.get(request.get("session")).limits

        async def work(run: ActiveRun, report: dict) -> Outcome:
            session = self.sessions.get(request.get("session"))
            async with session.turn:
                return await self.in_session(session, cells, run, report)

        return self.start(request, work, limits.longest_run())

    def start(self, request: dict, work: Work, seconds: float) -> ActiveRun:
        """Start the work. The run ends after `seconds` at the latest."""
        self.refuse_unsafe()

        async def finish(run: ActiveRun) -> dict:
            report: dict = {"usage": {}, "files": [], "tests": None, "session": None}
            outcome = await outcome_in_time(work(run, report), run, seconds)
            return {"verdict": outcome.verdict, "message": outcome.message, **report, "parts": run.parts}

        return self.runs.start(text_of(request, "id"), finish)

    async def in_fresh_box(
        self,
        run: ActiveRun,
        report: dict,
        fresh: FreshBox,
        work: Callable[[Execution], Awaitable[Outcome]],
    ) -> Outcome:
        with run.measured("make the sandbox"):
            box = await self.boxes.make(*fresh)
        execution = Execution(box, fresh[1], run)
        try:
            return await work(execution)
        finally:
            try:
                await box.kill()
                report.update(usage=execution.usage(), files=files.listing(box.work))
            finally:
                self.runs.keep_folder(run, box)

    async def examine(self, ran: Execution, runtime: str, order: examination.ExaminationOrder, report: dict) -> Outcome:
        """Probe the box that ran the cells.

        The judge runs in a second box, and held-out data goes to a third, clean one. The limits start over, because the
        learner did not cause the judge's questions.
        """
        limits = examination.judging_limits(ran.limits)
        judge = Execution(await self.boxes.make(runtime, limits), limits, ran.run)
        execution = Execution(ran.box, ran.limits, ran.run)
        execution.charge(judge.box.pid)
        ran.parts.append(execution)
        clean = examination.CleanBox(lambda: self.boxes.make(runtime, ran.limits, order.seed), execution)

        def tell(row: dict) -> None:
            ran.run.tell("tested", row=row)

        async def talk() -> Outcome:
            ask = answers_of(execution)
            report["tests"] = await examination.examine(order, judge, ask, clean.answer, tell)
            return Outcome("succeeded")

        try:
            with ran.run.measured("judge the tests"):
                return await execution.guarded(talk())
        finally:
            await judge.box.end()
            await clean.close()

    async def in_session(self, session: LiveSession, cells: list[SourceCell], run: ActiveRun, report: dict) -> Outcome:
        session.thaw()
        execution = Execution(session.box, session.limits, run, is_gentle=True)
        try:
            return await execution.cells(cells)
        except BaseException:
            # The state of the process's conversation is unknown, so its next message cannot be trusted.
            await session.box.kill()
            raise
        finally:
            session.used_at = self.now()
            is_over = session.box.ended.done()
            report.update(usage=execution.usage(), files=files.listing(session.box.work))
            report["session"] = "ended" if is_over else "live"
            if not is_over:
                session.freeze()

    # Requests that do not run code

    async def open(self, request: dict) -> dict:
        self.refuse_unsafe()
        id, owner = text_of(request, "session"), text_of(request, "owner")
        runtime, limits = runtime_of(request, self.options.runtimes), limits_of(request, self.options.caps)
        async with self.sessions.opening:
            if id in self.sessions.living:
                return {"event": "opened", "session": id, "ended": []}
            self.boxes.refuse_full(runtime, limits)
            gave_way = await self.sessions.make_room(owner, self.options.most_sessions)
            try:
                box = await self.boxes.make(runtime, limits)
            except SetupFailed as error:
                raise Refused("broken", f"The lab could not be started: {error}.") from error
            self.sessions.add(LiveSession(id, owner, limits, box, self.now()))
        return {"event": "opened", "session": id, "ended": gave_way}

    async def close(self, request: dict) -> dict:
        session = self.sessions.get(request.get("session"))
        await self.sessions.end(session, "The session was closed.")
        return {"event": "closed", "session": session.id}

    async def stop(self, request: dict) -> dict:
        run = self.attached(request)
        stopping = run is not None and not run.is_finished
        if stopping:
            run.stop.set()
        return {"event": "stopping", "stopping": stopping}

    async def files(self, request: dict) -> dict:
        box = self.box_of(request.get("of"))
        match request.get("op"):
            case "list":
                return {"event": "files", "files": files.listing(box.work)}
            case "get":
                part = whole_of(request, "offset"), whole_of(request, "length")
                content, size = files.read(box.work, request.get("name"), *part)
                return {"event": "file", "size": size, "data": base64.b64encode(content).decode()}
            case "put":
                files.write(box.work, request.get("name"), content_of(request), owner_of(box))
                return {"event": "stored"}
            case "remove":
                files.remove(box.work, request.get("name"))
                return {"event": "removed"}
        raise bad("`op` is list, get, put or remove.")

    def box_of(self, id: object) -> Box:
        if not isinstance(id, str):
            raise bad("`of` is the id of a run or a session.")
        if id in self.runs.kept:
            return self.runs.kept[id]
        if id in self.runs.by_id:
            raise Refused("no_such_file", "The files of that run are not kept.")
        return self.sessions.get(id).box

    def order_of(self, request: dict) -> tuple[list[SourceCell], RunLimits, str]:
        runtime = runtime_of(request, self.options.runtimes)
        return cells_of(request), limits_of(request, self.options.caps), runtime

    # Housekeeping

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sweep_forever(self) -> None:
        while True:
            try:
                await self.sessions.sweep(self.now())
                self.runs.forget(self.now())
                await self.boxes.spares.drop_worn()
            except Exception:
                log.exception("a sweep failed; the next one will run")
            await asyncio.sleep(SWEEP_SECONDS)

    def capacity(self) -> dict:
        return {
            "runs": self.options.most_runs,
            "running": len(self.runs.tasks),
            "sessions": self.options.most_sessions,
            "open_sessions": len(self.sessions.living),
            "memory_available": host.memory_available(),
            "warm": len(self.pool.runners),
            "retired": len(self.pool.retired),
            "boxes": len(self.boxes.uids_taken),
            "spare": len(self.boxes.spares.boxes),
            "preparing": len(self.boxes.spares.making),
        }

    async def shut_down(self) -> None:
        await self.runs.close()
        for session in list(self.sessions.living.values()):
            await self.sessions.end(session, "The lab was shut down.")
        await self.boxes.spares.close()
        await self.pool.close()
        if self.boxes.groups is not None:
            self.boxes.groups.close()


def owner_of(box: Box) -> int | None:
    return box.plan.uid if host.is_root() else None


def place_files(box: Box, placed: dict[str, bytes]) -> Outcome | None:
    """Put the learner's files into a fresh work folder. Return a verdict if they do not fit."""
    try:
        for name, content in placed.items():
            files.write(box.work, name, content, owner_of(box))
    except Refused as error:
        return Outcome("disk_limit", str(error))
    return None


def answers_of(execution: Execution) -> examination.Ask:
    async def ask(request: dict) -> bytes:
        return await examination.answer(execution, request)

    return ask
