"""The warm runners: start them, keep them warm, recycle them, replace them when they fail; and launch sandboxed processes."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from labs.runner import zygote
from labs.runner.supervisor.box import LOST, SETUP_SECONDS, Box, Order, SetupFailed, set_up
from labs.runner.supervisor.watch import Gone

START_SECONDS = 120
RETRY_SECONDS = 5  # until a warm runner is started again that the host could not start
PROJECT = Path(__file__).resolve().parents[3]
# The whole environment of a warm runner, and so of a learner's process. One thread each: see `zygote`.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
log = logging.getLogger(__name__)


Forked = tuple[int, asyncio.Future[int]]


class WarmRunner:
    """One zygote process and the runs it made. `ready` fails with SetupFailed if it cannot start.

    Making one raises OSError if the host lacks a process, memory or a descriptor for it.
    """

    def __init__(self, settings: zygote.ZygoteSettings, cache: Path):
        self.settings = settings
        self.forks = 0
        self.is_retired = False
        self.forking: dict[str, asyncio.Future[Forked]] = {}
        self.living: dict[str, asyncio.Future[int]] = {}
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.gone: asyncio.Future[None] = loop.create_future()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.setblocking(False)
        command = [sys.executable, "-m", "labs.runner.zygote"]
        try:
            with theirs:
                self.process = subprocess.Popen(command, stdin=theirs, env=ENVIRONMENT, cwd=PROJECT)
            self.control.send(json.dumps({**vars(settings), "cache": str(cache)}).encode())
        except OSError:
            self.control.close()
            raise
        loop.add_reader(self.control, self.listen)

    def listen(self) -> None:
        try:
            packet, descriptors, _, _ = socket.recv_fds(self.control, zygote.PACKET_BYTES, 1)
        except ConnectionError:
            packet = b""
        if not packet:
            self.lost()
            return
        message = json.loads(packet)
        if "ready" in message:
            self.ready.set_result(None)
        elif "failed" in message:
            self.ready.set_exception(SetupFailed(message["failed"]))
        elif "forked" in message:
            self.hand_over(message["forked"], descriptors[0])
        elif "refused" in message:
            refused = self.forking.pop(message["refused"])
            if not refused.done():
                refused.set_exception(SetupFailed(message["reason"]))
        elif "ended" in message:
            self.living.pop(message["ended"]).set_result(message["status"])
            self.leave_if_done()

    def hand_over(self, id: str, pidfd: int) -> None:
        """Give the new process to the request that waits for it, or kill it if that request has given up."""
        ended = self.living[id] = asyncio.get_running_loop().create_future()
        waiting = self.forking.pop(id)
        if waiting.done():
            kill(pidfd)
            os.close(pidfd)
        else:
            waiting.set_result((pidfd, ended))

    def lost(self) -> None:
        """Handle the loss of the process. All its runs are gone too, by PR_SET_PDEATHSIG and the process namespace."""
        asyncio.get_running_loop().remove_reader(self.control)
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.is_retired = True
        for future in self.forking.values():
            if not future.done():
                future.set_exception(SetupFailed("the warm runner ended"))
        for future in self.living.values():
            future.set_result(LOST)
        if not self.ready.done():
            self.ready.set_exception(SetupFailed("the warm runner ended while it started"))
        self.gone.set_result(None)

    async def fork(self, order: Order, descriptors: list[int]) -> Forked:
        """Fork a process. Return its pidfd and a future of its exit."""
        self.forks += 1
        self.forking[order.id] = asyncio.get_running_loop().create_future()
        request = {"id": order.id, "plan": vars(order.plan), "runtime": order.runtime, "seed": order.seed}
        try:
            socket.send_fds(self.control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            del self.forking[order.id]
            raise SetupFailed(f"the warm runner takes no order: {error}") from error
        try:
            return await asyncio.wait_for(self.forking[order.id], SETUP_SECONDS)
        except TimeoutError as error:
            raise SetupFailed("the warm runner did not fork in time") from error

    def retire(self) -> None:
        """Refuse new runs, and end after the last current one."""
        self.is_retired = True
        self.leave_if_done()

    def leave_if_done(self) -> None:
        if self.is_retired and not self.living and not self.forking and not self.gone.done():
            self.process.kill()

    async def end(self) -> None:
        if not self.gone.done():
            self.process.kill()
        await self.gone


class Pool:
    """Keep `count` warm runners. A runner that made `recycle` runs is replaced as soon as another is ready.

    `failures` is the number of starts that have failed since the last one that succeeded.
    """

    def __init__(self, settings: zygote.ZygoteSettings, work: Path, count: int, recycle: int):
        self.settings, self.work, self.count, self.recycle = settings, work, count, recycle
        self.runners: list[WarmRunner] = []
        self.retired: set[WarmRunner] = set()
        self.failures = 0
        self.closing = False

    async def start(self) -> None:
        """Start the runners. Raises SetupFailed if the first one cannot start."""
        self.runners = [self.another() for _ in range(self.count)]
        for runner in self.runners:
            await asyncio.wait_for(asyncio.shield(runner.ready), START_SECONDS)

    def another(self) -> WarmRunner:
        runner = WarmRunner(self.settings, self.work / "cache")
        runner.gone.add_done_callback(lambda _: self.replace(runner))
        runner.ready.add_done_callback(self.count_failures)
        return runner

    def count_failures(self, ready: asyncio.Future[None]) -> None:
        """Count a start that failed. Its error is looked at here, so that it never counts as unhandled."""
        self.failures = self.failures + 1 if ready.exception() else 0

    @property
    def is_down(self) -> bool:
        """Return whether all runners are down, and the next one is not starting or has just failed to."""
        is_starting = bool(self.runners) and not self.failures
        return not is_starting and not any(map(is_ready, self.runners))

    def replace(self, runner: WarmRunner) -> None:
        self.retired.discard(runner)
        if runner in self.runners and not self.closing:
            self.runners.remove(runner)
            if is_ready(runner):
                self.refill()
            else:
                asyncio.get_running_loop().call_later(min(60, 2 ** min(self.failures, 6)), self.refill)

    def refill(self) -> None:
        """Start the runners that are missing. If the host cannot start one now, try again soon."""
        while len(self.runners) < self.count and not self.closing:
            if self.add() is None:
                asyncio.get_running_loop().call_later(RETRY_SECONDS, self.refill)
                return

    def add(self) -> WarmRunner | None:
        """Start one more runner, and return it. Return None if the host cannot start one now."""
        try:
            runner = self.another()
        except OSError as error:
            log.warning("a warm runner could not be started: %s", error)
            return None
        self.runners.append(runner)
        return runner

    async def pick(self) -> WarmRunner:
        """Return the ready runner with the most forks, so that the others are fresh when it must be recycled.

        Waits if all runners are still starting.
        """
        if not any(is_ready(runner) for runner in self.runners):
            starting = [runner.ready for runner in self.runners]
            if starting:
                await asyncio.wait(starting, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready = [runner for runner in self.runners if is_ready(runner)]
        if not ready:
            raise SetupFailed("no warm runner is ready")
        return max(ready, key=lambda runner: runner.forks)

    def spend(self, runner: WarmRunner) -> None:
        """Replace a worn runner once another is ready. If it is the only one, start the other first."""
        if runner.forks < self.recycle or runner not in self.runners:
            return
        if any(other is not runner and is_ready(other) for other in self.runners):
            self.discard(runner)
        elif len(self.runners) == 1 and (fresh := self.add()):
            fresh.ready.add_done_callback(lambda _: self.spend(runner))

    def discard(self, runner: WarmRunner) -> None:
        if runner in self.runners:
            self.runners.remove(runner)
            self.retired.add(runner)
            self.refill()
        runner.retire()

    async def launch(self, order: Order) -> Box:
        """Return a sandboxed process that waits for its first order. Raises SetupFailed after a second runner has failed too."""
        try:
            return await self.launch_from(await self.pick(), order)
        except SetupFailed:
            return await self.launch_from(await self.pick(), order)

    async def launch_from(self, runner: WarmRunner, order: Order) -> Box:
        channel, child_channel = socket.socketpair()
        setup, child_setup = socket.socketpair()
        output, child_output = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(output, False)
        try:
            with child_channel, child_setup:
                theirs = [child_output, child_channel.fileno(), child_setup.fileno()]
                pidfd, ended = await runner.fork(order, theirs)
        except SetupFailed:
            self.discard(runner)
            channel.close()
            setup.close()
            os.close(output)
            raise
        finally:
            os.close(child_output)
        self.spend(runner)
        with ExitStack() as held:
            held.callback(os.close, pidfd)
            held.callback(os.close, output)
            held.enter_context(channel)
            try:
                with setup:
                    work = await set_up(setup)
                held.callback(os.close, work)
                box = await make_box(order, (pidfd, work, output), channel, ended, runner)
            except BaseException:
                kill(pidfd)
                await asyncio.shield(ended)
                raise
            held.pop_all()
            return box

    async def close(self) -> None:
        self.closing = True
        await asyncio.gather(*(runner.end() for runner in [*self.runners, *self.retired]))


async def make_box(
    order: Order,
    descriptors: tuple[int, int, int],
    channel: socket.socket,
    ended: asyncio.Future[int],
    runner: WarmRunner,
) -> Box:
    """Return the process as a box. Raises SetupFailed if it has ended already."""
    reader, writer = await asyncio.open_connection(sock=channel, limit=1 << 20)
    try:
        return Box(order, *descriptors, reader, writer, ended, lambda: runner.is_retired)
    except (Gone, OSError) as error:
        writer.close()
        raise SetupFailed("the sandboxed process ended before its first order") from error


def kill(pidfd: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def is_ready(runner: WarmRunner) -> bool:
    return runner.ready.done() and not runner.ready.cancelled() and runner.ready.exception() is None
