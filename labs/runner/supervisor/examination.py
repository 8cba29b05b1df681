"""The tests of a lab: the learner's process answers, another one judges, and the supervisor only passes messages.

Both are sandboxes: the learner's code is hostile, and the tests are the code of an author.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from labs.runner.protocol import MOST_TESTS, RunLimits
from labs.runner.supervisor.box import Box
from labs.runner.supervisor.execution import Execution, Outcome
from labs.runner.supervisor.output import Meter, clean_strings
from labs.runner.wire import LENGTH

JUDGE = Path(__file__).parents[1] / "judge"
MEMORY_BYTES = 1536 << 20  # which the judge has even if the lab has less
CPU_SLACK = 30  # seconds beyond the learner's limit, so that the learner's verdict comes first
JUDGE_MESSAGES = ("ask", "held_out", "row", "broken", "end")
ROW = {"name": str, "points": int, "tolerance": str, "verdict": str, "message": str}
MOST_ROW, MOST_WORDS, MOST_PARTS = 64 << 10, 500, 1_500_000
MOST_ROWS_BYTES = 1 << 20  # of a lab's results together: the supervisor keeps every row
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
    """The judge broke, through our fault or that of the lab's author."""


class CleanBox:
    """A second sandbox without any of the learner's code, made when a question first needs it.

    It has the limits and the watchdog of any run; the limits of output hold for all of its answers together. While it
    works, the learner's clock is stopped.
    """

    def __init__(self, make: Callable[[], Awaitable[Box]], learner: Execution):
        self.make, self.learner = make, learner
        self.making: asyncio.Future[Box] | None = None
        self.meter = Meter(learner.limits)

    async def answer(self, request: dict) -> bytes:
        """Return an answer as raw JSON. Raises JudgeFailed without an answer: the learner's code does not run in this sandbox."""
        with self.learner.clock_stopped():
            self.making = self.making or asyncio.ensure_future(self.make())
            box = await self.making
            limits = self.learner.limits
            limits = replace(limits, wall_seconds=min(limits.wall_seconds, patience(self.learner)))
            scoring = Execution(box, limits, self.learner.run)
            scoring.meter = self.meter
            self.learner.parts.append(scoring)
            return await score(scoring, request)

    async def close(self) -> None:
        """End the sandbox. One that is still being made is ended as soon as it is ready."""
        if self.making is None:
            return
        self.making.cancel()
        await asyncio.wait((self.making,))
        if not self.making.cancelled() and self.making.exception() is None:
            await self.making.result().end()


async def score(execution: Execution, request: dict) -> bytes:
    bodies = []

    async def talk() -> Outcome:
        bodies.append(await ask_probe(execution, request))
        return Outcome("succeeded")

    outcome = await execution.guarded(talk())
    if outcome.verdict == "out_of_memory":
        return TOO_LARGE
    if outcome.verdict != "succeeded":
        raise JudgeFailed(f"the held-out data could not be scored: {outcome.message.rstrip('.') or outcome.verdict}")
    return bodies[0]


async def ask_probe(execution: Execution, request: dict) -> bytes:
    """Return one probe's answer as raw JSON, without parsing it. Raises EOFError or TimeoutError without an answer."""
    execution.box.order({"do": "probe", "request": request})
    receiving = execution.receive("answer", execution.passing_on(None), ANSWER_BYTES)
    _, _, parts = await asyncio.wait_for(receiving, patience(execution))
    return parts.get("answer", HUNG_UP)


def patience(execution: Execution) -> float:
    """Return the seconds to wait for one probe. A probe that trains may need half of the lab's time."""
    return max(PROBE_SECONDS, PROBE_SHARE * execution.limits.wall_seconds)


async def answer(execution: Execution, request: dict) -> bytes:
    """Return the learner's answer to one probe, or an error in its place."""
    try:
        return await ask_probe(execution, request)
    except EOFError:
        return HUNG_UP
    except TimeoutError:
        # A late answer would be taken for the answer to the next probe.
        await execution.box.kill()
        return TOO_SLOW


@dataclass(frozen=True)
class ExaminationOrder:
    """What to judge: the probes and the files that they name, the name of the probes among them, and the judge's seed."""

    probes: dict[str, str]
    name: str
    seed: int


@cache
def program() -> dict[str, str]:
    """Return the judge's own code, by path below labs/runner. Only the sandboxes that judge have it."""
    return {f"{JUDGE.name}/{path.name}": path.read_text(encoding="utf-8") for path in sorted(JUDGE.glob("*.py"))}


def judging_limits(learner: RunLimits) -> RunLimits:
    """Return the limits of a judge's sandbox. Its processor time counts against the learner, whose own limits act sooner."""
    return replace(
        learner,
        wall_seconds=learner.judge_seconds,
        cpu_seconds=learner.cpu_seconds + CPU_SLACK,
        memory_bytes=max(learner.memory_bytes, MEMORY_BYTES),
    )


async def examine(
    order: ExaminationOrder, judge: Execution, ask: Ask, held_out: Ask, tell: Callable[[dict], None]
) -> list[dict]:
    """Return the rows {name, verdict, message, tolerance, points}, and report each as soon as it is judged.

    `judge` is a sandbox of the judge's own. Raises JudgeFailed if it breaks or takes too long.
    """
    carriers, rows = {"ask": ask, "held_out": held_out}, JudgedRows()

    async def talk() -> Outcome:
        judge.box.order({"do": "judge", "program": program(), **vars(order)})
        while True:
            kind, message = await judge_message(judge)
            if kind == "end":
                return Outcome("succeeded")
            if kind == "broken":
                raise JudgeFailed(str(message)[:MOST_WORDS])
            if kind == "row":
                tell(rows.added(message))
                continue
            await send_to_judge(judge.box, await carriers[kind](message))

    outcome = await judge.guarded(talk())
    if outcome.verdict == "timed_out":
        raise JudgeFailed("the tests of this lab took too long")
    if outcome.verdict != "succeeded":
        raise JudgeFailed(f"the tests of this lab could not be run: {outcome.message.rstrip('.') or outcome.verdict}")
    return rows.all


async def judge_message(judge: Execution) -> tuple[str, object]:
    """Return the next message of the judge: its kind, and a value. What the probes print is dropped. Raises EOFError."""
    _, fields, parts = await judge.receive("answer", lambda _: None, ANSWER_BYTES)
    kind, body = fields.get("say"), parts.get("answer", b"")
    if kind not in JUDGE_MESSAGES or sum(map(body.count, (b"{", b"[", b","))) > MOST_PARTS:
        raise JudgeFailed("the judge said something unexpected")
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise JudgeFailed("the judge said something unexpected") from error
    if kind in ("ask", "held_out") and not isinstance(message, dict):
        raise JudgeFailed("the judge asked something unexpected")
    return kind, message


@dataclass
class JudgedRows:
    """The results of the tests so far."""

    all: list[dict] = field(default_factory=list)
    bytes: int = 0

    def added(self, message: object) -> dict:
        """Add and return a row. Raises JudgeFailed if the message is not a row, or exceeds a limit."""
        # An author's complaint may quote what the learner's code returned.
        row = clean_strings(row_in(message))
        self.bytes += len(json.dumps(row))
        if len(self.all) == MOST_TESTS or self.bytes > MOST_ROWS_BYTES:
            most = f"the limit is {MOST_TESTS} tests and {MOST_ROWS_BYTES >> 20} MiB"
            raise JudgeFailed(f"the tests of this lab reported too many results ({most})")
        self.all.append(row)
        return row


def row_in(message: object) -> dict:
    """Return a test's row. Raises JudgeFailed for anything else, because the probes of a lab are not trusted either."""
    kinds = {name: type(value) for name, value in message.items()} if isinstance(message, dict) else {}
    if kinds != ROW or len(json.dumps(message)) > MOST_ROW:
        raise JudgeFailed("the judge reported something unexpected")
    return message


async def send_to_judge(box: Box, body: bytes) -> None:
    box.writer.write(LENGTH.pack(len(body)))
    box.writer.write(body)
    await box.writer.drain()
