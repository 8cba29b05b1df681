"""Warm runners for the tests: one per station, started on first use and kept to the end."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from labs.runner.protocol import Client
from labs.runner.supervisor.canaries import planted
from tests.rounds import one_database, second_round
from tests.runner.stations import FIRST_USER, PROJECT, Station, offered

pytestmark = one_database
Program = tuple[str, ...]  # a module and its first arguments
RUNNER = ("labs.runner",)


def pytest_report_header() -> list[str]:
    return offered()[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of a station in one process of pytest-xdist, so that no other process starts its runner too.

    Likewise all tests of the kernels in plain forks, whose host takes seconds to import both runtimes.
    """
    for item in items:
        if "forks" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("forks"))
        station = item.callspec.params.get("warm") if hasattr(item, "callspec") else None
        if isinstance(station, Station):
            item.add_marker(pytest.mark.xdist_group(station.name))


def start(station: Station, stack: ExitStack, *options: str, cwd: Path = PROJECT, program: Program = RUNNER) -> "Warm":
    """Start a runner of this station and wait for its first line."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-tests-")))
    if station.user is not None:
        folder.chmod(0o777)
    else:
        folder.chmod(0o711)
    work = folder / "work"
    command = [sys.executable, "-m", *program, "--socket", str(folder / "socket"), "--work", str(work)]
    command += ["--tier", station.tier, "--zygotes", "1", "--most-runs", "8", "--uid-base", str(FIRST_USER), *options]
    process = station.popen(*command, cwd=cwd)
    stack.callback(end, process)
    said = json.loads(process.stdout.readline())
    return Warm(station, Client(str(folder / "socket"), timeout=120), process, work, said)


def end(process: subprocess.Popen) -> None:
    with process:
        process.terminate()


class Warm:
    """A running runner: `said` is its first line, `work` its folder, `client` talks to it."""

    def __init__(self, station: Station, client: Client, process: subprocess.Popen, work: Path, said: dict):
        self.station, self.client, self.process, self.work, self.said = station, client, process, work, said


@pytest.fixture(scope="session")
def starters() -> Iterator[dict[str, Warm]]:
    with ExitStack() as stack:
        yield Starters(stack)


class Starters(dict):
    """Runners by station name, each started when it is first looked up."""

    def __init__(self, stack: ExitStack):
        super().__init__()
        self.stack = stack

    def __missing__(self, station: Station) -> Warm:
        self[station] = start(station, self.stack)
        assert self[station].said == {"ready": True, "tier": station.tier, "reasons": []}
        return self[station]


@pytest.fixture(
    params=[
        pytest.param(each, marks=[second_round] * (place > 0), id=each.name) for place, each in enumerate(offered()[0])
    ]
)
def warm(request: pytest.FixtureRequest, starters: Starters) -> Warm:
    """A runner of each station in turn, the best first."""
    return starters[request.param]


@pytest.fixture
def open_tmp() -> Iterator[Path]:
    """A folder that a runner of another user can read too."""
    with open_folder() as folder:
        yield folder


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everyone may enter.

    Pytest's own folders do not work, because each start of pytest closes them to other users.
    """
    with tempfile.TemporaryDirectory(prefix="lab-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def client(warm: Warm) -> Client:
    return warm.client


@pytest.fixture
def best(starters: Starters) -> Warm:
    """The runner of the best tier on this machine, for tests that do not depend on the tier."""
    return starters[offered()[0][0]]


PLANT = """
import json, sys, tempfile
from pathlib import Path
from labs.runner.supervisor.canaries import planted
with tempfile.TemporaryDirectory(prefix="lab-canaries-") as folder:
    Path(folder).chmod(0o755)
    with planted(Path(folder)) as places:
        print(json.dumps(places), flush=True)
        sys.stdin.read()
"""


class Plants(Starters):
    """Canaries by station: files, sockets and a process of the same user that started its runner."""

    def __missing__(self, station: Station) -> dict:
        process = station.popen(sys.executable, "-c", PLANT, stdin=subprocess.PIPE)
        self.stack.callback(process.communicate)
        self[station] = json.loads(process.stdout.readline())
        return self[station]


@pytest.fixture(scope="session")
def plants() -> Iterator[Plants]:
    with ExitStack() as stack:
        yield Plants(stack)


@pytest.fixture
def canaries(warm: Warm, plants: Plants) -> dict:
    return plants[warm.station]


@pytest.fixture
def own_canaries(tmp_path: Path) -> Iterator[dict]:
    with planted(tmp_path) as places:
        yield places
