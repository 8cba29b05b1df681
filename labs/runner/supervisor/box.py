"""One sandboxed process as the supervisor holds it: its channel, its work folder, its end."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from labs.runner import wire
from labs.runner.sandbox.enter import Plan
from labs.runner.supervisor import watch

SETUP_SECONDS = 20
LAST_WORDS_BYTES = 4000
# The exit status of a run whose warm runner died and took it along.
LOST = -1000


class SetupFailed(Exception):
    """The sandbox could not be made; nothing of the learner's ran. The message names the layer."""


@dataclass(frozen=True)
class Order:
    """A sandboxed process to make. `release` is called when it has ended and is let go."""

    id: str
    plan: Plan
    runtime: str
    release: Callable[[], None]
    seed: int | None = None


@dataclass
class Box:
    """`ended` is resolved with the exit code, or minus the signal, by the warm runner that made the process."""

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
    base_memory: int = field(init=False)
    pid: int = field(init=False)

    def __post_init__(self) -> None:
        self.pid = pid_of(self.pidfd)
        self.base_memory = watch.read(self.pid).memory_bytes

    @property
    def plan(self) -> Plan:
        return self.made_for.plan

    def order(self, message: dict) -> None:
        self.writer.write(wire.to_child(message))

    async def messages(self, most: int = wire.MESSAGE_BYTES) -> AsyncIterator[tuple[str, dict, dict[str, bytes]]]:
        """The child's messages until it hangs up. Malformed if one is not a message, or larger than `most`."""
        while True:
            try:
                (size,) = wire.LENGTH.unpack(await self.reader.readexactly(wire.LENGTH.size))
                if size > most:
                    raise wire.Malformed("a message too large")
                body = await self.reader.readexactly(size)
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            yield wire.unpack(body)

    def signal(self, number: int) -> None:
        try:
            signal.pidfd_send_signal(self.pidfd, number)
        except ProcessLookupError:
            return

    async def kill(self) -> int:
        self.signal(signal.SIGKILL)
        return await asyncio.shield(self.ended)

    def last_words(self) -> str:
        """What went to the bare descriptors before the kernel took them: why a child failed to start."""
        try:
            return os.read(self.output, LAST_WORDS_BYTES).decode("utf-8", "replace")
        except BlockingIOError:
            return ""

    def let_go(self) -> None:
        """Closes everything held of an ended process. Its files go with the work descriptor."""
        self.writer.close()
        for descriptor in (self.pidfd, self.work, self.output):
            os.close(descriptor)
        self.made_for.release()


def pid_of(pidfd: int) -> int:
    with open(f"/proc/self/fdinfo/{pidfd}") as facts:
        return next(int(line.split()[1]) for line in facts if line.startswith("Pid:"))


async def set_up(setup: socket.socket) -> int:
    """Waits for the child's report over its set-up socket and returns the work folder's descriptor. SetupFailed."""
    loop, work, said = asyncio.get_running_loop(), -1, b""
    while not said.endswith(b"ready\n"):
        arrived = loop.create_future()
        loop.add_reader(setup, arrived.set_result, None)
        try:
            await asyncio.wait_for(arrived, SETUP_SECONDS)
        except TimeoutError as error:
            raise SetupFailed("the sandbox was not ready in time") from error
        finally:
            loop.remove_reader(setup)
        packet, descriptors, _, _ = socket.recv_fds(setup, 4096, 1)
        work, said = (descriptors or [work])[0], said + packet
        if not packet or b"failed" in said:
            raise SetupFailed(said.decode("utf-8", "replace").strip() or "the child ended during set-up")
    return work
