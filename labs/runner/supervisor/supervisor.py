"""Everything the runner does for its clients: runs, sessions, tests, stops, files. One event loop, no thread."""

import asyncio
import base64
import binascii
import itertools
import secrets
from dataclasses import dataclass
from pathlib import Path

from labs.runner.protocol import CAPS, Cell, Limits, Refused
from labs.runner.sandbox.enter import Plan
from labs.runner.supervisor import examination, files, folders, host
from labs.runner.supervisor.box import Box, Order, SetupFailed
from labs.runner.supervisor.execution import Execution, Outcome
from labs.runner.supervisor.pool import Pool
from labs.runner.supervisor.runs import Run
from labs.runner.supervisor.sessions import Session, Sessions

REMEMBER_SECONDS, REMEMBERED_RUNS, REMEMBERED_BYTES = 180, 200, 128 << 20
FOLDERS_KEPT = 8
SWEEP_SECONDS = 1.0
RESERVE_BYTES = 512 << 20
UIDS = 1000
MOST_CELLS = 1000


@dataclass(frozen=True)
class Options:
    """`data` is what runs see read-only; `uid_base` the first of a thousand users that belong to nobody else."""

    work: Path
    data: str
    runtimes: tuple[str, ...] = ("tf2", "tf1")
    caps: Limits = CAPS
    most_runs: int = 8
    most_sessions: int = 40
    uid_base: int = 58000


class Supervisor:
    """Takes no work until `is_safe`, which only a passed self-test sets."""

    def __init__(self, options: Options, tier: str, pool: Pool):
        self.options, self.tier, self.pool = options, tier, pool
        self.is_safe = False
        self.runs: dict[str, Run] = {}
        self.kept: dict[str, Box] = {}
        self.tasks: set[asyncio.Task] = set()
        self.sessions = Sessions()
        self.running = 0
        self.uids = itertools.cycle(range(options.uid_base, options.uid_base + UIDS))
        self.uids_taken: set[int] = set()

    # Boxes

    async def new_box(self, runtime: str, limits: Limits, seed: int | None = None) -> Box:
        """A fresh sandboxed process. Refused: at_capacity, when memory is short; SetupFailed, when it is our fault."""
        await self.make_memory(limits)
        uid = next(each for each in self.uids if each not in self.uids_taken)
        folder = folders.make(self.options.work, uid if host.is_root() else None) if self.tier == "bare" else None
        work, temporary, data = host.places(self.tier, folder, self.options.data)
        others = host.other_threads(self.tier)
        plan = Plan(
            self.tier, uid, work, temporary, data, limits.memory_bytes, limits.disk_bytes, limits.threads, others
        )
        self.uids_taken.add(uid)

        def release() -> None:
            self.uids_taken.discard(uid)
            if folder is not None:
                folders.remove(folder)

        try:
            return await self.pool.launch(Order(secrets.token_hex(8), plan, runtime, release, seed))
        except SetupFailed:
            release()
            raise

    async def make_memory(self, limits: Limits) -> None:
        """Ends the longest idle sessions, whoever's they are, until a run of this size fits."""
        while host.memory_available() < min(limits.memory_bytes, 1 << 30) + RESERVE_BYTES:
            idle = self.sessions.idle()
            if not idle:
                raise Refused("at_capacity", "The lab has no memory left for another run. Try again in a minute.")
            await self.sessions.end(idle[0], "The session ended because memory was short.")

    # Requests

    def refuse_unsafe(self) -> None:
        if not self.is_safe:
            raise Refused("unsafe", "The lab's sandbox did not pass its self-test, so it runs no code.")

    def refuse_unknown_runtime(self, runtime: object) -> None:
        if runtime not in self.options.runtimes:
            raise Refused("bad_request", f"There is no runtime {runtime!r}.")

    def start(self, request: dict, work_on) -> Run:
        """The run of this id: the one that exists, or a new one whose work begins now."""
        id = text_of(request, "id")
        if id in self.runs:
            return self.runs[id]
        self.refuse_unsafe()
        if self.running >= self.options.most_runs:
            raise Refused("at_capacity", "The lab is running as much code as it can. Try again in a moment.")
        run = self.runs[id] = Run(id)
        self.running += 1
        task = asyncio.ensure_future(self.see_through(run, work_on))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return run

    async def see_through(self, run: Run, work_on) -> None:
        run.tell("started")
        facts: dict = {"usage": {}, "files": [], "tests": None, "session": None}
        try:
            outcome = await work_on(run, facts)
        except SetupFailed as error:
            outcome = Outcome("broken", f"The lab could not be started: {error}.")
        except examination.JudgeFailed as error:
            outcome = Outcome("broken", f"Our fault: {error}.")
        except Refused as error:
            outcome = Outcome("broken", str(error))
        finally:
            self.running -= 1
        run.finish(verdict=outcome.verdict, message=outcome.message, **facts)

    def run(self, request: dict) -> Run:
        cells, limits, runtime = self.order_of(request)

        async def work_on(run: Run, facts: dict) -> Outcome:
            box = await self.new_box(runtime, limits)
            execution = Execution(box, limits, run)
            try:
                return await execution.cells(cells)
            finally:
                await self.put_away(run, box, execution, facts)

        return self.start(request, work_on)

    def test(self, request: dict) -> Run:
        cells, limits, runtime = self.order_of(request)
        probes, seed = text_of(request, "probes"), request.get("seed")
        if type(seed) is not int:
            raise Refused("bad_request", "A test needs a whole number as its seed.")

        async def work_on(run: Run, facts: dict) -> Outcome:
            box = await self.new_box(runtime, limits, seed)
            execution = Execution(box, limits, run)
            try:
                outcome = await execution.cells(cells)
                if outcome.verdict == "succeeded":
                    outcome = await self.examine(run, box, runtime, limits, probes, seed, facts)
                return outcome
            finally:
                await self.put_away(run, box, execution, facts)

        return self.start(request, work_on)

    async def examine(self, run, box, runtime, limits, probes, seed, facts) -> Outcome:
        """Probes the box that ran the cells; whatever is to be judged on held-out data goes to a second, clean one."""
        second = CleanBox(self, run, runtime, limits)
        execution = Execution(box, limits, run)

        async def talk() -> Outcome:
            facts["tests"] = await examination.examine(
                probes, seed, lambda request: examination.answer(execution, request), second.answer
            )
            return Outcome("succeeded")

        try:
            return await execution.guarded(talk())
        finally:
            await second.close()

    async def put_away(self, run: Run, box: Box, execution: Execution, facts: dict) -> None:
        """Ends the process; its folder stays readable until the run is forgotten or newer ones need the room."""
        await box.kill()
        facts.update(usage=execution.usage(), files=files.listing(box.work))
        self.kept[run.id] = box
        while len(self.kept) > FOLDERS_KEPT:
            self.kept.pop(next(iter(self.kept))).let_go()

    async def open(self, request: dict) -> dict:
        self.refuse_unsafe()
        id, owner, runtime = text_of(request, "session"), text_of(request, "owner"), request.get("runtime")
        limits = self.limits_of(request)
        self.refuse_unknown_runtime(runtime)
        if id in self.sessions.living:
            return {"event": "opened", "session": id, "ended": []}
        gave_way = await self.sessions.make_room_for(owner)
        if len(self.sessions.living) >= self.options.most_sessions:
            idle = self.sessions.idle()
            if not idle:
                raise Refused("at_capacity", "Every place in the lab is taken. Try again in a minute.")
            await self.sessions.end(idle[0], "The session gave way to a newer one.")
        try:
            box = await self.new_box(runtime, limits)
        except SetupFailed as error:
            raise Refused("broken", f"The lab could not be started: {error}.") from error
        self.sessions.add(Session(id, owner, runtime, limits, box, self.now()))
        return {"event": "opened", "session": id, "ended": gave_way}

    def cell(self, request: dict) -> Run:
        cells = cells_of(request)
        if request.get("id") not in self.runs:
            self.sessions.get(request.get("session"))

        async def work_on(run: Run, facts: dict) -> Outcome:
            session = self.sessions.get(request.get("session"))
            async with session.turn:
                return await self.work_in(session, cells, run, facts)

        return self.start(request, work_on)

    async def work_in(self, session: Session, cells: list[Cell], run: Run, facts: dict) -> Outcome:
        session.thaw()
        execution = Execution(session.box, session.limits, run, is_gentle=True)
        try:
            return await execution.cells(cells)
        finally:
            session.used_at = self.now()
            is_over = session.box.ended.done()
            facts.update(usage=execution.usage(), files=files.listing(session.box.work))
            facts["session"] = "ended" if is_over else "live"
            if not is_over:
                session.freeze()

    async def close(self, request: dict) -> dict:
        session = self.sessions.get(request.get("session"))
        await self.sessions.end(session, "The session was closed.")
        return {"event": "closed", "session": session.id}

    async def stop(self, request: dict) -> dict:
        run = self.runs.get(text_of(request, "id"))
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
                offset, length = (max(0, whole_of(request, name)) for name in ("offset", "length"))
                content, size = files.read(box.work, request.get("name"), offset, length)
                return {"event": "file", "size": size, "data": base64.b64encode(content).decode()}
            case "put":
                owner = box.plan.uid if host.is_root() else None
                files.write(box.work, request.get("name"), content_of(request), owner)
                return {"event": "stored"}
        raise Refused("bad_request", "`op` is list, get or put.")

    def box_of(self, id: object) -> Box:
        if id in self.kept:
            return self.kept[id]
        if isinstance(id, str) and id in self.runs:
            raise Refused("no_such_file", "The files of that run are no longer kept.")
        return self.sessions.get(id).box

    # Reading requests

    def order_of(self, request: dict) -> tuple[list[Cell], Limits, str]:
        runtime = request.get("runtime")
        self.refuse_unknown_runtime(runtime)
        return cells_of(request), self.limits_of(request), runtime

    def limits_of(self, request: dict) -> Limits:
        asked = request.get("limits", {})
        if not isinstance(asked, dict) or not all(type(each) is int and each > 0 for each in asked.values()):
            raise Refused("bad_request", "Limits are whole numbers above zero.")
        try:
            return Limits(**asked).within(self.options.caps)
        except TypeError as error:
            raise Refused("bad_request", "There is no such limit.") from error

    # House-keeping

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sweep_forever(self) -> None:
        while True:
            await self.sessions.sweep(self.now())
            self.forget()
            await asyncio.sleep(SWEEP_SECONDS)

    def forget(self) -> None:
        """Finished runs are kept for a while, fewer of them when there are many or large ones."""
        finished = [run for run in self.runs.values() if run.is_finished]
        size = sum(run.bytes for run in finished)
        for at, run in enumerate(finished):
            is_old = self.now() - run.finished_at > REMEMBER_SECONDS
            if is_old or len(finished) - at > REMEMBERED_RUNS or size > REMEMBERED_BYTES:
                size -= run.bytes
                del self.runs[run.id]
                if run.id in self.kept:
                    self.kept.pop(run.id).let_go()

    def capacity(self) -> dict:
        return {
            "runs": self.options.most_runs,
            "running": self.running,
            "sessions": self.options.most_sessions,
            "open_sessions": len(self.sessions.living),
            "memory_available": host.memory_available(),
            "warm": len(self.pool.runners),
        }

    async def shut_down(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for session in list(self.sessions.living.values()):
            await self.sessions.end(session, "The lab was shut down.")
        while self.kept:
            self.kept.popitem()[1].let_go()
        await self.pool.close()


class CleanBox:
    """A second sandbox in which none of the learner's code ran, made at the first question that needs it."""

    def __init__(self, supervisor: Supervisor, run: Run, runtime: str, limits: Limits):
        self.supervisor, self.run, self.runtime, self.limits = supervisor, run, runtime, limits
        self.execution: Execution | None = None

    async def answer(self, request: dict) -> bytes:
        if self.execution is None:
            box = await self.supervisor.new_box(self.runtime, self.limits)
            self.execution = Execution(box, self.limits, self.run)
        return await examination.answer(self.execution, request)

    async def close(self) -> None:
        if self.execution is not None:
            await self.execution.box.kill()
            self.execution.box.let_go()


def text_of(request: dict, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 4096:
        raise Refused("bad_request", f"`{name}` is missing.")
    return value


def whole_of(request: dict, name: str) -> int:
    value = request.get(name)
    if type(value) is not int:
        raise Refused("bad_request", f"`{name}` is a whole number.")
    return value


def content_of(request: dict) -> bytes:
    try:
        return base64.b64decode(text_of_any_length(request, "data"), validate=True)
    except binascii.Error as error:
        raise Refused("bad_request", "`data` is base64.") from error


def text_of_any_length(request: dict, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str):
        raise Refused("bad_request", f"`{name}` is missing.")
    return value


def cells_of(request: dict) -> list[Cell]:
    cells = request.get("cells")
    try:
        found = [Cell(**each) for each in cells]
    except TypeError as error:
        raise Refused("bad_request", "Cells are a list of {id, source}.") from error
    if not 0 < len(found) <= MOST_CELLS or not all(isinstance(each.id, str) and isinstance(each.source, str) for each in found):
        raise Refused("bad_request", f"Cells are a list of 1 to {MOST_CELLS} {{id, source}}.")
    return found
