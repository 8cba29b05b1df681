"""P7: from a checkout to the first page, and the memory of an idle site.

    .venv/bin/python -m bench.start

The packages come from uv's cache, so that no download counts; if the cache lacks one, they are installed twice.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from bench.floor.learners import FloorReading
from bench.rig.learners import Answering, ReadingLessons, ReadingOutline, ReadingProgress, ReadingReview
from bench.rig.load import measure
from bench.rig.processes import pss_megabytes
from bench.rig.results import Figure, Report
from bench.rig.servers import PROJECT, floor, folder, product
from labs.runner.protocol import Client

BUILT = shutil.ignore_patterns(".git", ".venv", "build", "var", "staticfiles", "__pycache__", ".*_cache", ".hypothesis")
LEARNERS = 40
CLIENTS = 4
SECONDS = 3  # for each kind of request
PAUSE = 5  # seconds in which an idle site gives memory back


def main() -> None:
    report = Report("start", "P7", "From a checkout to the first page")
    report.add(Figure("make setup, without the download", seconds_to_install(), "s", at_most=120.0))
    began = time.monotonic()
    with floor() as server:
        floor_start = time.monotonic() - began
        sessions = iter(server.sessions("learner"))
        measure([FloorReading(server.port, sessions) for _ in range(CLIENTS)], [server.pid], seconds=SECONDS, warm_up=0)
        floor_memory = pss_megabytes([server.pid])
    reference = f"floor {floor_start:.1f} s, with its tables"
    with folder() as data:
        report.add(Figure("first start", seconds_to_start(data), "s", at_most=5.0, reference=reference))
        report.add(Figure("second start", seconds_to_start(data), "s", at_most=5.0))
    reference = f"floor {floor_memory:.0f} MB"
    without = megabytes(with_runner=False)
    report.add(Figure("memory without the lab runner", without, "MB", at_most=250.0, reference=reference))
    report.add(Figure("memory with two warm runners", megabytes(with_runner=True), "MB", at_most=1400.0))
    report.note(
        "Everything on SQLite, as `make run` starts it. The first start creates the database and loads the course. Memory "
        "is the sum over all processes (PSS: what processes share is divided among them), after learners have read every "
        "kind of page and answered questions."
    )
    report.write()


def seconds_to_install() -> float:
    """Return how long `ops/venv` takes in a copy of the project whose packages have been downloaded."""
    with folder() as home:
        copy = home / "finalcheck"
        shutil.copytree(PROJECT, copy, ignore=BUILT, symlinks=True)
        uv = PROJECT / "build" / "uv"
        if uv.is_dir():
            shutil.copytree(uv, copy / "build" / "uv", symlinks=True)
        began = time.monotonic()
        if install(copy, UV_OFFLINE="1"):
            return time.monotonic() - began
        if not install(copy):
            raise SystemExit("ops/venv failed. Try `make setup`, which prints the reason.")
        shutil.rmtree(copy / ".venv")
        began = time.monotonic()
        install(copy, UV_OFFLINE="1")
        return time.monotonic() - began


def install(copy: Path, **more: str) -> bool:
    """Create the environment of a copy and return whether that worked."""
    done = subprocess.run(("ops/venv",), cwd=copy, env={**os.environ, **more}, capture_output=True)
    return done.returncode == 0


def seconds_to_start(data: Path) -> float:
    """Return the time from the command to the first page."""
    began = time.monotonic()
    with product(data=data):
        return time.monotonic() - began


def megabytes(*, with_runner: bool) -> float:
    """Return the memory of a site that learners have used and that is idle now."""
    with folder() as data, product(data=data, with_runner=with_runner) as server:
        server.python("manage.py", "seed_demo", "--learners", str(LEARNERS), "--stage", "enrolled")
        sessions = iter(server.sessions("demo-"))
        for learner in (ReadingOutline, ReadingLessons, ReadingReview, ReadingProgress, Answering):
            clients = [learner(server.port, sessions) for _ in range(CLIENTS)]
            measure(clients, [server.pid], seconds=SECONDS, warm_up=0)
        if with_runner:
            wait_for_runners(data / "runner.sock")
        time.sleep(PAUSE)
        return pss_megabytes([server.pid])


def wait_for_runners(socket: Path) -> None:
    while Client(str(socket)).status()["capacity"]["warm"] < 2:
        time.sleep(0.2)


if __name__ == "__main__":
    main()
