"""The tests of a lab: the learner's process answers, a separate process judges, and the supervisor only passes messages."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from labs.runner.supervisor.box import Box
from labs.runner.supervisor.execution import Execution, Outcome
from labs.runner.supervisor.output import strings_cleaned
from labs.runner.supervisor.pool import ENVIRONMENT, PROJECT
from labs.runner.wire import LENGTH

# An answer may be a whole network's weights, as base64.
ANSWER_BYTES = 96 << 20
# share of the lab's wall clock, so that a busy machine does not turn a slow answer into a wrong one
PROBE_SECONDS, PROBE_SHARE = 20, 0.5
HUNG_UP = b'{"error": {"type": "Ended", "message": "The process ended before it answered."}}'
TOO_SLOW = b'{"error": {"type": "TooSlow", "message": "The answer did not arrive in time."}}'

# Weights with absurd shapes exhaust the memory of the box that scores them. The learner sees this as an error, like any
# other wrong shape.
TOO_LARGE = b'{"error": {"type": "MemoryError", "message": "The weights took too much memory."}}'

Ask = Callable[[dict], Awaitable[bytes]]


class JudgeFailed(Exception):
    """The judge's process broke, through our fault or that of the lab's author."""


class CleanBox:
    """A second sandbox without any of the learner's code, made when a question first needs it.

    It has the limits and the watchdog of any run. While it works, the learner's clock is stopped.
    """

    def __init__(self, make: Callable[[], Awaitable[Box]], learner: Execution):
        self.make, self.learner = make, learner
        self.box: Box | None = None

    async def answer(self, request: dict) -> bytes:
        """Return an answer as raw JSON. Raises JudgeFailed if the sandbox gave none, because no learner code runs in it."""
        with self.learner.clock_stopped():
            self.box = self.box or await self.make()
            limits = self.learner.limits
            limits = replace(limits, wall_seconds=min(limits.wall_seconds, patience(self.learner)))
            scoring = Execution(self.box, limits, self.learner.run)
            self.learner.parts.append(scoring)
            return await scored(scoring, request)

    async def close(self) -> None:
        if self.box is not None:
            await self.box.end()


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
    """Return one probe's answer as raw JSON, without parsing it. Raises EOFError or TimeoutError if no answer comes."""
    execution.box.order({"do": "probe", "request": request})
    hearing = execution.hear("answer", execution.passing_on(None), ANSWER_BYTES)
    _, _, parts = await asyncio.wait_for(hearing, patience(execution))
    return parts.get("answer", HUNG_UP)


def patience(execution: Execution) -> float:
    """Return the seconds to wait for one probe. A probe that trains may need half of the lab's time."""
    return max(PROBE_SECONDS, PROBE_SHARE * execution.limits.wall_seconds)


async def answer(execution: Execution, request: dict) -> bytes:
    """Return the learner's answer to one probe, or an error in its place."""
    try:
        return await heard(execution, request)
    except EOFError:
        return HUNG_UP
    except TimeoutError:
        # A late answer would be taken for the answer to the next probe.
        await execution.box.kill()
        return TOO_SLOW


@dataclass(frozen=True)
class ExaminationOrder:
    """What to judge: the path of the probes, the judge's seed, and seconds of wall time and of the judge's own processor time."""

    probes: str
    seed: int
    seconds: float
    cpu_seconds: int


@asynccontextmanager
async def judge_process(order: ExaminationOrder) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (sys.executable, "-m", "labs.runner.examiner")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, env=ENVIRONMENT, cwd=PROJECT, start_new_session=True
    )
    try:
        await tell_judge(process, json.dumps(vars(order)).encode())
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


async def tell_judge(process: asyncio.subprocess.Process, body: bytes) -> None:
    process.stdin.write(LENGTH.pack(len(body)))
    process.stdin.write(body)
    await process.stdin.drain()


async def examine(
    order: ExaminationOrder, ask: Ask, held_out: Ask, tell: Callable[[dict], None], charge: Callable[[int], None]
) -> list[dict]:
    """Return the rows {name, verdict, message, tolerance, points}, and report each as soon as it is judged.

    `charge` receives the judge's process, because the learner's answers cause its work. Raises JudgeFailed if the judge
    breaks or takes too long.
    """
    carriers, rows = {"ask": ask, "held_out": held_out}, []
    try:
        async with asyncio.timeout(order.seconds), judge_process(order) as process:
            charge(process.pid)
            while "end" not in (message := await said(process)):
                kind, request = next(iter(message.items()))
                if kind == "row":
                    # An author's complaint may quote what the learner's code returned.
                    rows.append(strings_cleaned(request))
                    tell(rows[-1])
                    continue
                if kind == "broken":
                    raise JudgeFailed(request)
                await tell_judge(process, await carriers[kind](request))
            return rows
    except (TimeoutError, ConnectionError) as error:
        raise JudgeFailed("the tests of this lab took too long") from error
