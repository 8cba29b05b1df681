"""Warm runners start and end without learners noticing, and nothing remains when one dies or all of it is killed."""

import os
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.runner.conftest import Warm, start
from tests.runner.soak import tree
from tests.runner.stations import offered
from tests.runner.talk import cells_of, new_id, open_session, run_code, told

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
