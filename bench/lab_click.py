"""How long a learner waits from the click to the first line of output, through web, queue, worker and lab runner:

    python bench/lab_click.py [--rounds 40]

Programs are started as `make run` starts them, once on the queue of files and once on Redis, each with data of its own.
A click is what a page does: POST the run, open its event stream, wait for the first frame. The cell is `print(1)` where
TensorFlow is loaded; nbclient runs the same cell in its own way. Between clicks there is a breath, as with a learner.
Prints milliseconds (median, p95) and writes build/bench/lab_click.json. Needs redis-server for the second queue.
"""

import argparse
import http.client
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from bench.lab_latency import LOADED, NOTEBOOK, milliseconds, run_to_output  # noqa: E402 - the project is not installed
from config.up.address import Address  # noqa: E402
from config.up.programs import Program, all_programs  # noqa: E402

BREATH = 0.3  # seconds between clicks
PATIENCE = 90  # seconds for the programs to start
# Learners with a token each and a lab of one cell; prints the tokens and the lab's id.
PREPARE = """
import sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from course.services import create_token
from tests import factories as make
from tests.labs.making import make_lab
lab = make_lab()
learners = [make.enroll(course=lab.course) for _ in range(int(sys.argv[1]))]
tokens = [create_token(user=learner, now=timezone.now())[1] for learner in learners]
print(*tokens, lab.pk)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """A running Finalcheck as a learner's program sees it, and the id of a lab; `programs` and
    `processes` are what it consists of, by name."""

    def __init__(self, port: int, token: str, lab: str):
        self.port, self.lab = port, lab
        self.programs: dict[str, Program] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json", "Host": "localhost"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: object = None) -> dict:
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        answer = self.connection.getresponse()
        found = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {found[:300]!r}")
        return json.loads(found) if found else {}

    def run(self, path: str, body: dict) -> str:
        return self.ask("POST", path, body)["id"]

    def first_frame(self, run: str) -> None:
        """Returns with it; what follows is not listened to."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as stream:
            stream.request("GET", f"/api/v1/runs/{run}/events/", headers=self.headers)
            with stream.getresponse() as lines:
                if not any(line.strip() == b"event: frame" for line in lines):
                    raise SystemExit("the cell did not print")

    def wait_for(self, run: str) -> None:
        while self.ask("GET", f"/api/v1/runs/{run}/")["state"] != "finished":
            time.sleep(0.05)

    def click(self, path: str, body: dict) -> float:
        began = time.perf_counter()
        run = self.run(path, body)
        self.first_frame(run)
        took = (time.perf_counter() - began) * 1000
        self.wait_for(run)
        time.sleep(BREATH)
        return took


@contextmanager
def running(*, redis: bool | str) -> Iterator[Site]:
    with running_for(1, redis=redis) as (site,):
        yield site


@contextmanager
def running_for(learners: int, *, redis: bool | str) -> Iterator[list[Site]]:
    """The same site for each learner; `redis` is the address of one, or whether to start one."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-click-")))
        data.chmod(0o711)
        environ = {"PATH": os.environ["PATH"], "HOME": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        environ |= {"FINALCHECK_DATA": str(data)}
        if redis:
            environ["FINALCHECK_REDIS_URL"] = redis if isinstance(redis, str) else start_redis(stack, data)
        command = [sys.executable, "-c", PREPARE, str(learners)]
        ready = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=True)
        *tokens, lab = ready.stdout.split()[-learners - 1 :]
        address = Address("127.0.0.1", free_port())
        sites = [Site(address.port, token, lab) for token in tokens]
        programs = {program.name: program for program in all_programs(address, environ)}
        processes = {name: start(stack, program, data) for name, program in programs.items()}
        for site in sites:
            site.programs, site.processes = programs, processes
        for site in sites:
            stack.callback(site.connection.close)
        wait_for_site(sites[0])
        yield sites


def start(stack: ExitStack, program: Program, data: Path) -> "subprocess.Popen[bytes]":
    log = stack.enter_context((data / f"{program.name}.log").open("wb"))
    process = subprocess.Popen(program.argv, cwd=PROJECT, env=dict(program.environ), stdout=log, stderr=log)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def start_redis(stack: ExitStack, data: Path) -> str:
    port = free_port()
    command = ("redis-server", "--port", str(port), "--save", "", "--dir", str(data))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return f"redis://127.0.0.1:{port}/0"


def wait_for_site(site: Site) -> None:
    """Until the pages answer and a run got through."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            site.connection.request("GET", "/healthz", headers=site.headers)
            site.connection.getresponse().read()
            break
        except OSError:
            site.connection.close()
            if time.monotonic() > give_up_at:
                raise SystemExit("the programs did not start") from None
            time.sleep(0.2)
    site.wait_for(site.run("/api/v1/runs/", FREE))


FREE = {"code": "print(1)", "runtime": "tf2"}
CELL = {"cells": [{"id": "2", "source": "print(1)"}], "cell": "2", "mode": "cell"}


def measure(rounds: int, *, redis: bool) -> dict[str, list[float]]:
    queue = "Redis" if redis else "files"
    with running(redis=redis) as site:
        lab = f"/api/v1/labs/{site.lab}/runs/"
        site.click(lab, CELL)  # opens the session
        found: dict[str, list[float]] = {f"free code, {queue}": [], f"cell in a live session, {queue}": []}
        free, cell = found.values()
        for _ in range(rounds):
            free.append(site.click("/api/v1/runs/", FREE))
            cell.append(site.click(lab, CELL))
    return found


def nbclient(rounds: int) -> list[float]:
    return [milliseconds(lambda: run_to_output(sys.executable, "-c", NOTEBOOK, LOADED)) for _ in range(rounds)]


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--notebooks", type=int, default=3)
    asked = parser.parse_args()
    load = [os.getloadavg()[0]]
    measured: list[Callable[[], dict[str, list[float]]]] = [lambda: measure(asked.rounds, redis=False)]
    if shutil.which("redis-server"):
        measured.append(lambda: measure(asked.rounds, redis=True))
    measured.append(lambda: {"nbclient": nbclient(asked.notebooks)} if asked.notebooks else {})
    times: dict[str, list[float]] = {}
    for each in measured:
        times |= each()
        load.append(os.getloadavg()[0])
    rows = {name: {"median": statistics.median(each), "p95": p95(each), "n": len(each)} for name, each in times.items()}
    print(f"{'milliseconds from click to first output':40} {'median':>9} {'p95':>9} {'n':>4}")
    for name, row in rows.items():
        print(f"{name:40} {row['median']:9.1f} {row['p95']:9.1f} {row['n']:4}")
    print(f"load of the machine before and after each: {load}")
    facts = {"machine": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version(), "load": load}
    folder = PROJECT / "build/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lab_click.json").write_text(json.dumps(facts | {"rows": rows}, indent=1))


if __name__ == "__main__":
    main()
