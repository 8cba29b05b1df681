"""Warm runners start and end without learners noticing, and nothing remains when one dies or all of it is killed."""

import asyncio
import errno
import os
import signal
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from labs.runner import zygote
from labs.runner.supervisor import pool
from labs.runner.supervisor.box import SetupFailed
from tests.loops import ran
from tests.rounds import second_round
from tests.runner.conftest import Warm, start
from tests.runner.soak import tree
from tests.runner.stations import offered
from tests.runner.talk import cells_of, new_id, open_session, run_code, told

pytestmark = second_round

# The best and the barest tier: one ends its processes by a process namespace, the other by signals on a parent's death.
ENDS = sorted({offered()[0][0], offered()[0][-1]}, key=lambda station: station.name)


@pytest.fixture(params=ENDS, ids=lambda station: station.name)
def own(request):
    """A runner that the test may break."""
    with ExitStack() as stack:
        yield start(request.param, stack, "--recycle", "5")


def zygotes(warm: Warm) -> set[int]:
    """Return the warm processes: children of the runner that run labs.runner.zygote."""
    return {pid for pid in tree(warm.process.pid) if "labs.runner.zygote" in about(pid, "cmdline")}


def wait_until(condition) -> bool:
    deadline = time.monotonic() + 240
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.1)
    return condition()


def is_alive(pid: int) -> bool:
    _, _, state = about(pid, "stat").rpartition(") ")
    return state != "" and not state.startswith("Z")


def about(pid: int, name: str) -> str:
    """Return a file of a process in /proc; "" if the process has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_everything_ends_with_the_supervisor_even_when_it_is_killed(own):
    open_session(own.client)
    own.client.run(new_id(), cells_of("import time\ntime.sleep(100)"))
    everyone = tree(own.process.pid) - {own.process.pid}
    assert len(everyone) >= 2
    own.process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not [pid for pid in everyone if is_alive(pid)])


def test_a_run_whose_warm_runner_dies_is_ours_to_repeat_and_the_next_one_works(best):
    with ExitStack() as stack:
        own = start(best.station, stack)
        id = new_id()
        events = own.client.run(id, cells_of("print('go')\nimport time\ntime.sleep(100)"))
        seen = []
        for event in events:
            seen.append(event)
            if event["event"] == "frame":
                for pid in zygotes(own):
                    os.kill(pid, signal.SIGKILL)
        assert told(seen).verdict == "broken"
        assert run_code(own.client, "print('again')").text == "again\n"


def test_the_worn_only_warm_runner_has_gone_once_another_is_ready_though_nobody_comes(best):
    with ExitStack() as stack:
        own = start(best.station, stack, "--recycle", "3")
        before = zygotes(own)
        for _ in range(3):
            run_code(own.client, "print('fine')")
        assert wait_until(lambda: not before & zygotes(own) and own.client.status()["capacity"]["warm"] == 1)


SETTINGS = zygote.ZygoteSettings("bare", "/", "/", [])

# The warm runners of this pool are not processes. A test says what becomes of each.


class Dummy:
    """A warm runner without a process. While `failing` is above zero, making one fails and counts it down."""

    failing = 0

    def __init__(self, *_):
        if Dummy.failing:
            Dummy.failing -= 1
            raise OSError(errno.EAGAIN, "planted")
        self.forks, self.is_retired = 0, False
        self.ready, self.gone = (asyncio.get_running_loop().create_future() for _ in range(2))

    def retire(self):
        self.is_retired = True


@pytest.fixture
def dummies(monkeypatch, tmp_path):
    """Return how to run a test's coroutine on a pool of one such runner."""
    monkeypatch.setattr(pool, "WarmRunner", Dummy)
    monkeypatch.setattr(pool, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(Dummy, "failing", 0)

    def run(test):
        async def made():
            found = pool.Pool(SETTINGS, tmp_path, 1, 1)
            found.refill()
            return await test(found)

        return ran(made())

    return run


async def until(condition) -> bool:
    """Let the pool work until the condition holds. Return False if it never does."""
    for _ in range(2000):
        if condition():
            return True
        await asyncio.sleep(0.01)
    return False


def test_a_warm_runner_that_the_host_cannot_start_is_started_later(dummies):
    async def run(found):
        Dummy.failing = 3
        found.discard(found.runners[0])
        return found.is_down, await until(lambda: found.runners), found.is_down, Dummy.failing

    assert dummies(run) == (True, True, False, 0)


def test_a_warm_runner_is_retired_even_if_the_host_cannot_start_another(dummies):
    async def run(found):
        worn, Dummy.failing = found.runners[0], 1
        found.discard(worn)
        return worn.is_retired

    assert dummies(run) is True


def test_a_worn_warm_runner_goes_on_if_the_host_cannot_start_another(dummies):
    async def run(found):
        worn = found.runners[0]
        worn.ready.set_result(None)
        worn.forks, Dummy.failing = 1, 1
        found.spend(worn)
        return found.runners == [worn], await found.pick() is worn

    assert dummies(run) == (True, True)


def test_a_pool_is_down_from_a_failed_start_to_the_next_that_succeeds(dummies):
    async def run(found):
        first, seen = found.runners[0], [found.is_down]
        first.ready.set_exception(SetupFailed("planted"))
        first.gone.set_result(None)
        await until(lambda: not found.runners)
        seen.append(found.is_down)
        found.refill()
        seen.append(found.is_down)
        found.runners[0].ready.set_result(None)
        await until(lambda: found.failures == 0)
        return [*seen, found.is_down]

    assert dummies(run) == [False, True, True, False]


def test_the_death_of_a_ready_warm_runner_is_no_failed_start_and_the_next_one_starts_at_once(dummies):
    async def run(found):
        first = found.runners[0]
        first.ready.set_result(None)
        first.gone.set_result(None)
        await until(lambda: found.runners != [first])
        return len(found.runners), found.failures, found.is_down

    assert dummies(run) == (1, 0, False)


def test_a_warm_runner_that_the_host_cannot_start_leaves_no_socket_open(monkeypatch, tmp_path):
    pairs, pair = [], socket.socketpair

    def fail(*_, **__):
        raise OSError(errno.EAGAIN, "planted")

    async def make():
        with monkeypatch.context() as planted:
            planted.setattr(pool.socket, "socketpair", lambda *kind: pairs.append(pair(*kind)) or pairs[-1])
            planted.setattr(pool.subprocess, "Popen", fail)
            with pytest.raises(OSError, match="planted"):
                pool.WarmRunner(SETTINGS, tmp_path)

    ran(make())
    assert [each.fileno() for found in pairs for each in found] == [-1, -1]
