"""The tests of a lab: the learner's process answers, a process of its own judges, the supervisor only carries."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from labs.runner.supervisor.box import Box
from labs.runner.supervisor.execution import Execution, Outcome
from labs.runner.supervisor.pool import ENVIRONMENT, PROJECT
from labs.runner.wire import LENGTH

# An answer may be a whole network's weights, as base64.
ANSWER_BYTES = 96 << 20
PROBE_SECONDS, PROBE_SHARE = 20, 0.5  # of the lab's wall clock: a busy machine must not make a wrong answer
JUDGE_SECONDS = 600
HUNG_UP = b'{"error": {"type": "Ended", "message": "The process ended before it answered."}}'
TOO_SLOW = b'{"error": {"type": "TooSlow", "message": "There was no answer in time."}}'

# Weights of absurd shapes take all memory where they are scored; that is told as any other error of shape is.
TOO_LARGE = b'{"error": {"type": "MemoryError", "message": "The weights took too much memory."}}'

Ask = Callable[[dict], Awaitable[bytes]]


class JudgeFailed(Exception):
    """The judge's process broke: our fault, or that of the lab's author."""


class CleanBox:
    """A second sandbox in which none of the learner's code ran, made at the first question that needs it. It has the
    limits and the watchdog of any run. `learner`'s clock stands still meanwhile."""

    def __init__(self, make: Callable[[], Awaitable[Box]], learner: Execution):
        self.make, self.learner = make, learner
        self.box: Box | None = None

    async def answer(self, request: dict) -> bytes:
        """An answer as raw JSON. JudgeFailed when the sandbox gave none, for nothing in it is the learner's work."""
        with self.learner.clock_stopped():
            self.box = self.box or await self.make()
            limits = self.learner.limits
            limits = replace(limits, wall_seconds=min(limits.wall_seconds, patience(self.learner)))
            return await scored(Execution(self.box, limits, self.learner.run), request)

    async def close(self) -> None:
        if self.box is not None:
            await self.box.kill()
            self.box.let_go()


async def scored(execution: Execution, request: dict) -> bytes:
    bodies = []

    async def talk() -> Outcome:
        bodies.append(await heard(execution, request))
        return Outcome("succeeded")

    outcome = await execution.guarded(talk())
    if outcome.verdict == "out_of_memory":
        return TOO_LARGE
    if outcome.verdict != "succeeded":
        raise JudgeFailed(f"the held-out data could not be scored: {outcome.message.rstrip('.') or outcome.verdict}")
    return bodies[0]


async def heard(execution: Execution, request: dict) -> bytes:
    """One probe's answer, as raw JSON that is not looked into here. EOFError or TimeoutError when there is none."""
    execution.box.order({"do": "probe", "request": request})
    hearing = execution.hear("answer", execution.passing_on(None), ANSWER_BYTES)
    _, _, parts = await asyncio.wait_for(hearing, patience(execution))
    return parts.get("answer", HUNG_UP)


def patience(execution: Execution) -> float:
    """Seconds that one probe is waited for; what trains may need half of all that its lab has."""
    return max(PROBE_SECONDS, PROBE_SHARE * execution.limits.wall_seconds)


async def answer(execution: Execution, request: dict) -> bytes:
    """The learner's answer to one probe, or the error that stands for none."""
    try:
        return await heard(execution, request)
    except EOFError:
        return HUNG_UP
    except TimeoutError:
        # What it may still say would be taken for the next answer.
        await execution.box.kill()
        return TOO_SLOW


@asynccontextmanager
async def judge_process(probes: str, seed: int) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "labs.runner.examiner", probes, str(seed))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, env=ENVIRONMENT, cwd=PROJECT, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def said(process: asyncio.subprocess.Process) -> dict:
    try:
        (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        return json.loads(await process.stdout.readexactly(size))
    except asyncio.IncompleteReadError as error:
        raise JudgeFailed("the tests of this lab could not be run") from error


async def examine(probes: str, seed: int, ask: Ask, held_out: Ask, tell: Callable[[dict], None]) -> list[dict]:
    """The rows {name, verdict, message, tolerance, points}, each told as soon as it is judged. JudgeFailed when the
    judge breaks or takes too long."""
    carriers, rows = {"ask": ask, "held_out": held_out}, []
    try:
        async with asyncio.timeout(JUDGE_SECONDS), judge_process(probes, seed) as process:
            while "end" not in (message := await said(process)):
                kind, request = next(iter(message.items()))
                if kind == "row":
                    rows.append(request)
                    tell(request)
                    continue
                if kind == "broken":
                    raise JudgeFailed(request)
                body = await carriers[kind](request)
                process.stdin.write(LENGTH.pack(len(body)) + body)
                await process.stdin.drain()
            return rows
    except (TimeoutError, ConnectionError) as error:
        raise JudgeFailed("the tests of this lab took too long") from error
