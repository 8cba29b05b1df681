"""A sandboxed process as the supervisor sees it: its channel, its work folder, its exit."""

import asyncio
import itertools
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial

from labs.runner import wire
from labs.runner.sandbox.enter import SandboxPlan
from labs.runner.supervisor import watch

SETUP_SECONDS = 20
LAST_WORDS_BYTES = 4000
# How many messages of one child are handled before other children get their turn.
AT_ONCE = 16
# The exit status of a run that ended because its warm runner died.
LOST = -1000
log = logging.getLogger(__name__)


class SetupFailed(Exception):
    """The sandbox could not be made, so the learner's code was not run. The message names the layer."""


@dataclass(frozen=True)
class Order:
    """A sandboxed process to make. `release` is called once the process has ended and its resources are closed."""

    id: str
    plan: SandboxPlan
    runtime: str
    release: Callable[[], None]
    seed: int | None = None


@dataclass
class Box:
    """`ended` resolves to the exit code, or to minus the signal number; the warm runner that made the process reports it."""

    made_for: Order
    pidfd: int
    work: int
    output: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    ended: asyncio.Future[int]
    made_by_retired: Callable[[], bool]
    ran_out_of_memory: Callable[[], bool] = lambda: False
    has_greeted: bool = False
    has_hung_up: bool = False
    is_let_go: bool = False
    base_memory: int = field(init=False)
    pid: int = field(init=False)

    def __post_init__(self) -> None:
        self.pid = pid_of(self.pidfd)
        self.base_memory = watch.read(self.pid).memory_bytes

    @property
    def plan(self) -> SandboxPlan:
        return self.made_for.plan

    def order(self, message: dict) -> None:
        self.writer.write(wire.to_child(message))

    async def messages(self, most: int = wire.MESSAGE_BYTES) -> AsyncIterator[tuple[int, wire.Message]]:
        """Yield the child's messages with their sizes until the child hangs up.

        Raises Malformed if one is not a message or exceeds `most`; only an answer may exceed the usual size. Messages
        that have arrived are read without waiting, so after every few of them, other runs get their turn.
        """
        for count in itertools.count(1):
            try:
                (size,) = wire.LENGTH.unpack(await self.reader.readexactly(wire.LENGTH.size))
                if size > most:
                    raise wire.Malformed("a message too large")
                body = await self.reader.readexactly(size)
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            message = wire.unpack(body)
            if size > wire.MESSAGE_BYTES and message[0] != "answer":
                raise wire.Malformed("a message too large")
            yield size, message
            if count % AT_ONCE == 0:
                await asyncio.sleep(0)

    def signal(self, number: int) -> None:
        if self.has_hung_up:
            return
        try:
            signal.pidfd_send_signal(self.pidfd, number)
        except ProcessLookupError:
            return

    async def kill(self) -> int:
        self.signal(signal.SIGKILL)
        return await asyncio.shield(self.ended)

    async def end(self) -> None:
        """Kill the process and release everything it held."""
        try:
            await self.kill()
        finally:
            self.let_go()

    def last_words(self) -> str:
        """Return the last text on the plain descriptors before the kernel took them over.

        It explains why a child failed to start.
        """
        try:
            return os.read(self.output, LAST_WORDS_BYTES).decode("utf-8", "replace")
        except BlockingIOError:
            return ""

    def hang_up(self) -> None:
        """Close everything held for an ended process except its work folder, which can still be read."""
        if self.has_hung_up:
            return
        self.has_hung_up = True
        self.release_all(self.writer.close, partial(os.close, self.pidfd), partial(os.close, self.output))

    def let_go(self) -> None:
        """Close everything held for an ended process. Closing the work descriptor deletes the files."""
        if self.is_let_go:
            return
        self.is_let_go = True
        self.hang_up()
        self.release_all(partial(os.close, self.work), self.made_for.release)

    def release_all(self, *steps: Callable[[], None]) -> None:
        """Take every step, even if some of them fail."""
        for step in steps:
            try:
                step()
            except Exception:
                log.exception("could not release all resources of run %s", self.made_for.id)


def pid_of(pidfd: int) -> int:
    with open(f"/proc/self/fdinfo/{pidfd}") as info:
        return next(int(line.split()[1]) for line in info if line.startswith("Pid:"))


async def set_up(setup: socket.socket) -> int:
    """Wait for the child's report on its set-up socket, and return the work folder's descriptor. Raises SetupFailed."""
    work, report = -1, b""
    try:
        while not report.endswith(b"ready\n"):
            await readable(setup)
            packet, descriptors, _, _ = socket.recv_fds(setup, 4096, 1)
            work, report = (descriptors or [work])[0], report + packet
            if not packet or b"failed" in report:
                raise SetupFailed(report.decode("utf-8", "replace").strip() or "the child ended during set-up")
    except BaseException:
        if work >= 0:
            os.close(work)
        raise
    return work


async def readable(setup: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived = loop.create_future()
    loop.add_reader(setup, arrived.set_result, None)
    try:
        await asyncio.wait_for(arrived, SETUP_SECONDS)
    except TimeoutError as error:
        raise SetupFailed("the sandbox was not ready in time") from error
    finally:
        loop.remove_reader(setup)
