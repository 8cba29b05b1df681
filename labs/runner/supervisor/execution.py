"""Runs cells in a box and says how it went: the one place where verdicts are made."""

import asyncio
import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from labs.runner.protocol import Cell, Limits
from labs.runner.supervisor import disk, output, watch
from labs.runner.supervisor.box import LOST, Box
from labs.runner.supervisor.runs import Run
from labs.runner.wire import MESSAGE_BYTES, Malformed

# What a running cell gets to end by itself after an interrupt, so that a live session keeps its state.
GRACE_SECONDS = 1.0
OUT_OF_MEMORY = ("MemoryError", "ResourceExhaustedError")
NEARLY = 0.8

OnFrame = Callable[[dict[str, bytes]], None]


@dataclass(frozen=True)
class Outcome:
    """A verdict of protocol.VERDICTS and a sentence for the learner, empty when there is nothing to add."""

    verdict: str
    message: str = ""


STOPPED = Outcome("stopped", "The run was stopped.")


class Execution:
    """One request's cells in one box, under the limits, its output going to `run`."""

    def __init__(self, box: Box, limits: Limits, run: Run, is_gentle: bool = False):
        self.box, self.limits, self.run, self.is_gentle = box, limits, run, is_gentle
        self.meter = output.Meter(limits)
        self.began = asyncio.get_running_loop().time()
        self.peak = box.base_memory
        self.start = self.latest = watch.Usage(box.base_memory, 0.0, 1)

    async def cells(self, cells: list[Cell]) -> Outcome:
        """The first cell that does not succeed is the last. A box that had to be killed is left ended."""
        return await self.guarded(self.run_all(cells))

    async def guarded(self, talk_with_child) -> Outcome:
        """Awaits the conversation while the watchdog and the stop order may each end it."""
        try:
            self.start = watch.read(self.box.pid)
        except watch.Gone:
            talk_with_child.close()
            return await self.ended()
        talk = asyncio.ensure_future(talk_with_child)
        guard = asyncio.ensure_future(self.watch())
        stop = asyncio.ensure_future(self.run.stop.wait())
        try:
            await asyncio.wait((talk, guard, stop), return_when=asyncio.FIRST_COMPLETED)
            if talk.done():
                return await self.settled(talk)
            reason = guard.result() if guard.done() else STOPPED
            return await self.end_for(reason, talk) if reason else await self.settled(talk)
        finally:
            for task in (talk, guard, stop):
                task.cancel()
            await asyncio.gather(talk, guard, stop, return_exceptions=True)
            self.run.flush()

    async def end_for(self, reason: Outcome, talk: asyncio.Future[Outcome]) -> Outcome:
        if self.is_gentle and reason.verdict in ("stopped", "timed_out"):
            self.box.signal(signal.SIGINT)
            await asyncio.wait((talk,), timeout=GRACE_SECONDS)
        if not talk.done():
            await self.box.kill()
        return reason

    async def settled(self, talk: asyncio.Future[Outcome]) -> Outcome:
        """The conversation's outcome, or what its end means."""
        try:
            return await talk
        except output.OverLimit as error:
            await self.box.kill()
            return Outcome("output_limit", f"The run was ended: {error}.")
        except Malformed as error:
            await self.box.kill()
            return Outcome("failed", f"The process wrote into its own wires and was ended: {error}.")
        except EOFError:
            return await self.ended()

    async def run_all(self, cells: list[Cell]) -> Outcome:
        for cell in cells:
            outcome = await self.run_cell(cell)
            self.run.tell("cell", cell=cell.id, state=outcome.verdict)
            if outcome.verdict != "succeeded":
                return outcome
        return Outcome("succeeded")

    async def run_cell(self, cell: Cell) -> Outcome:
        self.run.tell("cell", cell=cell.id, state="started")
        self.box.order({"do": "cell", "cell": cell.id, "source": cell.source})
        _, facts, _ = await self.hear("done", self.passing_on(cell.id))
        return Outcome("succeeded") if facts.get("ok") is True else self.why_failed(facts.get("error"))

    async def hear(self, kind: str, on_frame: OnFrame, most: int = MESSAGE_BYTES) -> tuple[str, dict, dict[str, bytes]]:
        """The child's next message of this kind; frames on the way are passed on, anything else is dropped. EOFError."""
        async for message in self.box.messages(most):
            self.box.has_greeted = True
            if message[0] == "frame":
                on_frame(message[2])
            elif message[0] == kind:
                return message
        raise EOFError

    def passing_on(self, cell: str | None) -> OnFrame:
        def pass_on(parts: dict[str, bytes]) -> None:
            bundle = output.clean(parts)
            self.meter.count(sum(map(len, parts.values())) + len(parts), bundle)
            if bundle:
                self.run.frame(cell, bundle)

        return pass_on

    def why_failed(self, error: object) -> Outcome:
        if error in OUT_OF_MEMORY:
            return Outcome("out_of_memory", "The code asked for more memory than it may have.")
        # A file at its ceiling raises in the code before the watchdog has looked.
        if self.disk_passed() if self.box.plan.tier == "bare" else is_full(self.box.work):
            return Outcome("disk_limit", f"The work folder is full ({self.limits.disk_bytes >> 20} MiB).")
        return Outcome("failed")

    async def watch(self) -> Outcome | None:
        """Returns the limit that was passed; None when the process is gone."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                self.latest = watch.read(self.box.pid)
            except watch.Gone:
                # Perhaps only its first thread has ended: then the others, which no one could watch, end with it.
                self.box.signal(signal.SIGKILL)
                return None
            self.peak = max(self.peak, self.latest.memory_bytes)
            wall = loop.time() - self.began
            passed = watch.excess(self.start, self.box.base_memory, self.latest, self.limits, wall)
            if passed or (passed := self.disk_passed()):
                return Outcome(*passed)
            await asyncio.sleep(watch.TICK_SECONDS)

    def disk_passed(self) -> tuple[str, str] | None:
        if self.box.plan.tier != "bare":
            return None
        try:
            used = disk.used([self.box.plan.work, self.box.plan.temporary], self.box.pid)
        except FileNotFoundError:
            return None
        except OSError:
            # Of a process on its way out nothing can be counted; of any other it must be.
            return None if watch.is_gone(self.box.pid) else ("disk_limit", "The work folder could not be measured.")
        if used <= self.limits.disk_bytes:
            return None
        return "disk_limit", f"The code stored more than {self.limits.disk_bytes >> 20} MiB."

    async def ended(self) -> Outcome:
        """The process ended without being told to."""
        status = await self.box.kill()
        self.run.flush()
        if status == LOST:
            return Outcome("broken", "The lab's warm process ended. Nothing is wrong with the code.")
        if not self.box.has_greeted:
            return Outcome("broken", f"The lab could not start: {self.box.last_words()[-500:].strip()}")
        if self.box.ran_out_of_memory() or (status < 0 and self.was_nearly_full()):
            return Outcome("out_of_memory", "The code took more memory than it may have.")
        if -status == signal.SIGXFSZ:
            return Outcome("disk_limit", "The code wrote a file larger than its work folder.")
        return Outcome("failed", how_it_ended(status))

    @contextmanager
    def clock_stopped(self) -> Iterator[None]:
        """What the lab does for itself meanwhile takes none of the code's wall time."""
        loop = asyncio.get_running_loop()
        began, stopped_at = self.began, loop.time()
        self.began = math.inf
        try:
            yield
        finally:
            self.began = began + loop.time() - stopped_at

    def was_nearly_full(self) -> bool:
        return self.latest.memory_bytes - self.box.base_memory > NEARLY * self.limits.memory_bytes

    def usage(self) -> dict:
        """Seconds of wall and CPU, and the most memory seen in bytes."""
        wall = asyncio.get_running_loop().time() - self.began
        cpu = max(0.0, self.latest.cpu_seconds - self.start.cpu_seconds)
        memory = max(0, self.peak - self.box.base_memory)
        return {"seconds": round(wall, 3), "cpu_seconds": round(cpu, 2), "memory_bytes": memory}


def is_full(work: int) -> bool:
    facts = os.fstatvfs(work)
    return facts.f_bavail * facts.f_frsize < 64 << 10 or facts.f_favail == 0


def how_it_ended(status: int) -> str:
    if -status == signal.SIGSYS:
        return "The sandbox ended the process for a forbidden system call."
    if status < 0:
        return f"The process ended by signal {signal.Signals(-status).name}."
    return f"The code ended its own process (exit status {status})."
