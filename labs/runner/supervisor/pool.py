"""The warm runners: started, kept warm, recycled, replaced when they fail; and the launch of one sandboxed process."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from labs.runner import zygote
from labs.runner.supervisor.box import LOST, Box, Order, SetupFailed, set_up

START_SECONDS = 120
PROJECT = Path(__file__).resolve().parents[3]
# All that a warm runner, and so a learner's process, finds in its environment. One thread each: see `zygote`.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


Forked = tuple[int, asyncio.Future[int]]


class WarmRunner:
    """One zygote process and the runs it made. `ready` fails with SetupFailed when it cannot start."""

    def __init__(self, settings: zygote.Settings, cache: Path):
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
        facts = {name: getattr(settings, name) for name in ("tier", "root", "data", "runtimes")}
        command = [sys.executable, "-m", "labs.runner.zygote", json.dumps(facts)]
        environment = {**ENVIRONMENT, "MPLCONFIGDIR": str(cache)}
        with theirs:
            self.process = subprocess.Popen(command, stdin=theirs, env=environment, cwd=PROJECT)
        loop.add_reader(self.control, self.listen)

    def listen(self) -> None:
        packet, descriptors, _, _ = socket.recv_fds(self.control, zygote.PACKET_BYTES, 1)
        if not packet:
            self.lost()
            return
        message = json.loads(packet)
        if "ready" in message:
            self.ready.set_result(None)
        elif "failed" in message:
            self.ready.set_exception(SetupFailed(message["failed"]))
        elif "forked" in message:
            ended = self.living[message["forked"]] = asyncio.get_running_loop().create_future()
            self.forking.pop(message["forked"]).set_result((descriptors[0], ended))
        elif "refused" in message:
            self.forking.pop(message["refused"]).set_exception(SetupFailed(message["reason"]))
        elif "ended" in message:
            self.living.pop(message["ended"]).set_result(message["status"])
            self.leave_if_done()

    def lost(self) -> None:
        """The process is gone, and by PR_SET_PDEATHSIG and the process namespace all its runs are too."""
        asyncio.get_running_loop().remove_reader(self.control)
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.is_retired = True
        for future in self.forking.values():
            future.set_exception(SetupFailed("the warm runner ended"))
        for future in self.living.values():
            future.set_result(LOST)
        if not self.ready.done():
            self.ready.set_exception(SetupFailed("the warm runner ended while it started"))
        self.gone.set_result(None)

    async def fork(self, order: Order, descriptors: list[int]) -> Forked:
        """The new process's pidfd, and the future of its end."""
        self.forks += 1
        self.forking[order.id] = asyncio.get_running_loop().create_future()
        request = {"id": order.id, "plan": vars(order.plan), "runtime": order.runtime, "seed": order.seed}
        socket.send_fds(self.control, [json.dumps(request).encode()], descriptors)
        return await self.forking[order.id]

    def retire(self) -> None:
        """Takes no new run and ends with the last one it has."""
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
    """Keeps `count` warm runners. One that made `recycle` runs gives way as soon as another is ready for work."""

    def __init__(self, settings: zygote.Settings, work: Path, count: int, recycle: int):
        self.settings, self.work, self.count, self.recycle = settings, work, count, recycle
        self.runners: list[WarmRunner] = []
        self.retired: set[WarmRunner] = set()
        self.failures = 0
        self.closing = False

    async def start(self) -> None:
        """Raises SetupFailed when the first one cannot start."""
        self.runners = [self.another() for _ in range(self.count)]
        for runner in self.runners:
            await asyncio.wait_for(asyncio.shield(runner.ready), START_SECONDS)

    def another(self) -> WarmRunner:
        runner = WarmRunner(self.settings, self.work / "cache")
        runner.gone.add_done_callback(lambda _: self.replace(runner))
        # A failure to start is seen by whoever waits for it, or nobody; either way it is no unhandled error.
        runner.ready.add_done_callback(lambda ready: ready.exception())
        return runner

    def replace(self, runner: WarmRunner) -> None:
        self.retired.discard(runner)
        if runner in self.runners and not self.closing:
            self.runners.remove(runner)
            self.failures += 1
            delay = min(60, 2 ** min(self.failures, 6)) if not is_ready(runner) else 0
            asyncio.get_running_loop().call_later(delay, self.refill)

    def refill(self) -> None:
        while len(self.runners) < self.count and not self.closing:
            self.runners.append(self.another())

    async def pick(self) -> WarmRunner:
        """The ready runner with the most forks, so that the others are fresh when its turn to be recycled comes. Waits
        for one to be ready if need be."""
        if not any(is_ready(runner) for runner in self.runners):
            starting = [runner.ready for runner in self.runners]
            if starting:
                await asyncio.wait(starting, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready = [runner for runner in self.runners if is_ready(runner)]
        if not ready:
            raise SetupFailed("no warm runner is ready")
        return max(ready, key=lambda runner: runner.forks)

    def spend(self, runner: WarmRunner) -> None:
        """A worn runner gives way once another is ready; where it is the only one, that other is started first."""
        if runner.forks < self.recycle or runner not in self.runners:
            return
        if any(each is not runner and is_ready(each) for each in self.runners):
            self.discard(runner)
        elif len(self.runners) == 1:
            fresh = self.another()
            self.runners.append(fresh)
            fresh.ready.add_done_callback(lambda _: self.spend(runner))

    def discard(self, runner: WarmRunner) -> None:
        if runner in self.runners:
            self.runners.remove(runner)
            self.retired.add(runner)
            self.refill()
        runner.retire()

    async def launch(self, order: Order) -> Box:
        """A sandboxed process that waits for its first order. SetupFailed after a second runner failed too."""
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
        with setup:
            work = await set_up(setup)
        reader, writer = await asyncio.open_connection(sock=channel, limit=1 << 20)
        return Box(order, pidfd, work, output, reader, writer, ended, lambda: runner.is_retired)

    async def close(self) -> None:
        self.closing = True
        await asyncio.gather(*(runner.end() for runner in [*self.runners, *self.retired]))


def is_ready(runner: WarmRunner) -> bool:
    return runner.ready.done() and not runner.ready.cancelled() and runner.ready.exception() is None
