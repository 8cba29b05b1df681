"""Run cells in a box, end the run at a limit, and decide its verdict.

`watch.excess` compares what was used with the limits; `endings` says what a process's own end means.
"""

import asyncio
import math
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from labs.runner.protocol import RunLimits, SourceCell
from labs.runner.supervisor import disk, output, watch
from labs.runner.supervisor.box import LOST, Box
from labs.runner.supervisor.runs import ActiveRun
from labs.runner.supervisor.watch import Usage
from labs.runner.wire import MESSAGE_BYTES, Malformed

# How long a running cell may take to end after an interrupt. If it ends in time, a live session keeps its state.
GRACE_SECONDS = 1.0
OUT_OF_MEMORY = ("MemoryError", "ResourceExhaustedError")
NEARLY = 0.8

OnFrame = Callable[[dict[str, bytes]], None]


@dataclass(frozen=True)
class Outcome:
    """A verdict from protocol.VERDICTS and a sentence for the learner, which may be empty."""

    verdict: str
    message: str = ""


STOPPED = Outcome("stopped", "The run was stopped.")


class Execution:
    """One request's cells in one box, under the limits, with output going to `run`."""

    def __init__(self, box: Box, limits: RunLimits, run: ActiveRun, is_gentle: bool = False):
        self.box, self.limits, self.run, self.is_gentle = box, limits, run, is_gentle
        self.meter = output.Meter(limits)
        self.began = asyncio.get_running_loop().time()
        self.peak = box.base_memory
        self.start = self.latest = watch.Usage(box.base_memory, 0.0, 1)
        # Other processes whose processor time counts as this code's: a process of ours, and other executions.
        self.helper: watch.Helper | None = None
        self.parts: list[Execution] = []

    async def cells(self, cells: list[SourceCell]) -> Outcome:
        """Run the cells until one does not succeed. A box that had to be killed stays ended."""
        with self.run.measured("run the cells"):
            return await self.guarded(self.run_all(cells))

    async def guarded(self, talk_with_child) -> Outcome:
        """Await the conversation with the child. The watchdog or a stop request may end it."""
        try:
            self.start = watch.read(self.box.pid)
        except watch.Gone:
            talk_with_child.close()
            return await self.outcome_of_exit()
        talk = asyncio.ensure_future(talk_with_child)
        guard = asyncio.ensure_future(self.watch())
        stop = asyncio.ensure_future(self.run.stop.wait())
        try:
            await asyncio.wait((talk, guard, stop), return_when=asyncio.FIRST_COMPLETED)
            if talk.done():
                return await self.outcome_of_talk(talk)
            reason = guard.result() if guard.done() else STOPPED
            return await self.end_for(reason, talk) if reason else await self.outcome_of_talk(talk)
        finally:
            # Cancelled before anything here can fail: a conversation left behind could go on making boxes.
            for task in (talk, guard, stop):
                task.cancel()
            try:
                with suppress(watch.Gone):
                    self.latest = self.look()
            finally:
                await asyncio.gather(talk, guard, stop, return_exceptions=True)
                self.run.flush()

    async def end_for(self, reason: Outcome, talk: asyncio.Future[Outcome]) -> Outcome:
        if self.is_gentle and reason.verdict in ("stopped", "timed_out"):
            self.box.signal(signal.SIGINT)
            await asyncio.wait((talk,), timeout=GRACE_SECONDS)
        if not talk.done() or talk.exception() is not None:
            await self.box.kill()
        return reason

    async def outcome_of_talk(self, talk: asyncio.Future[Outcome]) -> Outcome:
        """Return the conversation's outcome, or the verdict on the way it broke off."""
        try:
            return await talk
        except output.OverLimit as error:
            await self.box.kill()
            return Outcome("output_limit", f"Stopped: {error}.")
        except Malformed as error:
            await self.box.kill()
            return Outcome("failed", f"Stopped: the code wrote to a channel that only the lab may use ({error}).")
        except EOFError:
            return await self.outcome_of_exit()

    async def run_all(self, cells: list[SourceCell]) -> Outcome:
        for cell in cells:
            outcome = await self.run_cell(cell)
            self.run.tell("cell", cell=cell.id, state=outcome.verdict)
            if outcome.verdict != "succeeded":
                return outcome
        return Outcome("succeeded")

    async def run_cell(self, cell: SourceCell) -> Outcome:
        self.run.tell("cell", cell=cell.id, state="started")
        self.box.order({"do": "cell", "cell": cell.id, "source": cell.source})
        _, fields, _ = await self.receive("done", self.passing_on(cell.id))
        return Outcome("succeeded") if fields.get("ok") is True else self.why_failed(fields.get("error"))

    async def receive(
        self, kind: str, on_frame: OnFrame, most: int = MESSAGE_BYTES
    ) -> tuple[str, dict, dict[str, bytes]]:
        """Return the child's next message of this kind.

        Frames that arrive before it are passed on and other messages are dropped; all of them count against the limits.
        Raises EOFError.
        """
        async for size, message in self.box.messages(most):
            self.box.has_greeted = True
            if message[0] == kind:
                return message
            self.meter.count_message(size)
            if message[0] == "frame":
                on_frame(message[2])
        raise EOFError

    def passing_on(self, cell: str | None) -> OnFrame:
        def pass_on(parts: dict[str, bytes]) -> None:
            if bundle := output.clean(parts):
                self.meter.count(cell, bundle, sum(map(len, parts.values())))
                self.run.frame(cell, bundle)

        return pass_on

    def why_failed(self, error: object) -> Outcome:
        if error in OUT_OF_MEMORY:
            return Outcome("out_of_memory", "The code needed more memory than the limit allows.")
        # The code itself gets an error when a file reaches its size limit, before the watchdog has looked.
        if self.disk_passed() if self.box.plan.tier == "bare" else is_full(self.box.work):
            return Outcome("disk_limit", f"The work folder is full ({self.limits.disk_bytes >> 20} MiB).")
        return Outcome("failed")

    async def watch(self) -> Outcome | None:
        """Return the limit that was exceeded, or None once the process is gone."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                self.latest = self.look()
            except watch.Gone:
                # If only the first thread has ended, end the others too, because the watchdog could not see them.
                self.box.signal(signal.SIGKILL)
                return None
            self.peak = max(self.peak, self.latest.memory_bytes)
            wall = loop.time() - self.began
            passed = watch.excess(self.start, self.box.base_memory, self.latest, self.limits, wall)
            if passed or (passed := self.disk_passed()):
                return Outcome(*passed)
            await asyncio.sleep(watch.TICK_SECONDS)

    def look(self) -> Usage:
        """Return what the process uses now, including its helper's processor time. Raises Gone."""
        now = watch.read(self.box.pid)
        return now if self.helper is None else replace(now, cpu_seconds=now.cpu_seconds + self.helper.cpu_seconds())

    def charge(self, pid: int) -> None:
        """Add the processor time of this process of ours to the code's."""
        self.helper = watch.Helper(pid)

    def disk_passed(self) -> tuple[str, str] | None:
        if self.box.plan.tier != "bare":
            return None
        try:
            used = disk.used([self.box.plan.work, self.box.plan.temporary], self.box.pid)
        except FileNotFoundError:
            return None
        except OSError:
            # The disk use of a process that is exiting cannot be counted; for any other process, failing to count is an
            # error.
            return None if watch.is_gone(self.box.pid) else ("disk_limit", "The work folder could not be measured.")
        if used <= self.limits.disk_bytes:
            return None
        return "disk_limit", f"The code stored more than {self.limits.disk_bytes >> 20} MiB."

    async def outcome_of_exit(self) -> Outcome:
        """Return the outcome of a process that ended without being told to."""
        status = await self.box.kill()
        self.run.flush()
        if status == LOST:
            return Outcome("broken", "The lab failed during this run. Nothing is wrong with your code.")
        if not self.box.has_greeted:
            return Outcome("broken", f"The lab could not start: {self.box.last_words()[-500:].strip()}")
        if self.box.ran_out_of_memory() or (status < 0 and self.was_nearly_full()):
            return Outcome("out_of_memory", "The code needed more memory than the limit allows.")
        if -status == signal.SIGXFSZ:
            return Outcome("disk_limit", "The code wrote a file that does not fit in the work folder.")
        return Outcome("failed", how_it_ended(status))

    @contextmanager
    def clock_stopped(self) -> Iterator[None]:
        """Stop the wall clock of the learner's code while the lab itself works."""
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
        """Return seconds of wall and CPU time, and the peak memory in bytes, including other executions."""
        usages = [part.usage() for part in self.parts]
        wall = asyncio.get_running_loop().time() - self.began
        cpu = sum(
            (usage["cpu_seconds"] for usage in usages), max(0.0, self.latest.cpu_seconds - self.start.cpu_seconds)
        )
        memory = max(0, self.peak - self.box.base_memory, *(usage["memory_bytes"] for usage in usages))
        return {"seconds": round(wall, 3), "cpu_seconds": round(cpu, 2), "memory_bytes": memory}


def is_full(work: int) -> bool:
    info = os.fstatvfs(work)
    return info.f_bavail * info.f_frsize < 64 << 10 or info.f_favail == 0


def how_it_ended(status: int) -> str:
    if -status == signal.SIGSYS:
        return "The sandbox stopped the process because of a forbidden system call."
    if status < 0:
        # Real-time signals have a number but no name.
        names = {known.value: known.name for known in signal.Signals}
        return f"The process ended by signal {names.get(-status, -status)}."
    return f"The code ended its own process (exit status {status})."
