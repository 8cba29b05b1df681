"""A complete site with a lab, its programs as separate processes, and learners who press Run over the API."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from bench.rig.ports import free_port
from bench.rig.servers import PATIENCE, PLAIN, PROJECT, folder, redis, running
from config.up.address import Address
from config.up.programs import Program, all_programs

BREATH = 0.3  # seconds between clicks, as between a learner's
FREE = {"code": "print(1)", "runtime": "tf2"}
CELL = {"cells": [{"id": "2", "source": "print(1)"}], "cell": "2", "mode": "cell"}
# Creates learners, each with a token, and a course with a lab and one text question. Prints the tokens and the lab's id.
PREPARE = """
import sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from accounts.services import create_token
from tests import factories as make
from tests.labs.making import make_lab
lab = make_lab()
make.make_review(course=lab.course, kinds=["text"])
learners = [make.enroll(course=lab.course) for _ in range(int(sys.argv[1]))]
tokens = [create_token(user=learner, now=timezone.now())[1] for learner in learners]
print(*tokens, lab.pk)
"""


class Site:
    """A running Finalcheck and a lab, used by one learner over the API.

    `programs` and `processes` are the parts of Finalcheck, by name.
    """

    def __init__(self, port: int, token: str, lab: str):
        self.port, self.lab = port, lab
        self.programs: dict[str, Program] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json", "Host": "localhost"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: object = None) -> dict:
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content else {}

    def run(self, path: str, body: dict) -> str:
        return self.ask("POST", path, body)["id"]

    def first_frame(self, run: str) -> None:
        """Wait for the first frame of a run, then close the stream."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as stream:
            stream.request("GET", f"/api/v1/runs/{run}/events/", headers=self.headers)
            with stream.getresponse() as lines:
                if not any(line.strip() == b"event: frame" for line in lines):
                    raise SystemExit("The cell printed nothing.")

    def wait_for(self, run: str) -> None:
        while self.ask("GET", f"/api/v1/runs/{run}/")["state"] != "finished":
            time.sleep(0.05)

    def click(self, path: str, body: dict) -> float:
        """Press Run as a page does, and return the milliseconds to the first output."""
        began = time.perf_counter()
        run = self.run(path, body)
        self.first_frame(run)
        took = (time.perf_counter() - began) * 1000
        self.wait_for(run)
        time.sleep(BREATH)
        return took


@contextmanager
def lab_site(learners: int = 1, *, on_redis: bool = False, redis_url: str = "") -> Iterator[list[Site]]:
    """Start a site and yield it once for each learner. It uses files as its queue, a new Redis, or the one at `redis_url`."""
    with ExitStack() as stack:
        data = stack.enter_context(folder())
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(data)}
        if on_redis or redis_url:
            environ["FINALCHECK_REDIS_URL"] = redis_url or stack.enter_context(redis())
        *tokens, lab = prepared(learners, environ)
        address = Address("127.0.0.1", free_port())
        sites = [Site(address.port, token, lab) for token in tokens]
        programs = {program.name: program for program in all_programs(address, environ)}
        processes = {name: start(stack, program, data) for name, program in programs.items()}
        for site in sites:
            site.programs, site.processes = programs, processes
            stack.callback(site.connection.close)
        wait_for_site(sites[0])
        yield sites


def prepared(learners: int, environ: Mapping[str, str]) -> list[str]:
    command = (sys.executable, "-c", PREPARE, str(learners))
    ready = subprocess.run(command, cwd=PROJECT, env=dict(environ), capture_output=True, text=True, check=True)
    return ready.stdout.split()[-learners - 1 :]


def start(stack: ExitStack, program: Program, data: Path) -> "subprocess.Popen[bytes]":
    return stack.enter_context(running(*program.argv, environ=program.environ, log=data / f"{program.name}.log"))


def wait_for_site(site: Site) -> None:
    """Wait until pages respond and a run has finished."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            site.connection.request("GET", "/healthz", headers=site.headers)
            site.connection.getresponse().read()
            break
        except OSError:
            site.connection.close()
            if time.monotonic() > give_up_at:
                raise SystemExit("The programs did not start in time.") from None
            time.sleep(0.2)
    site.wait_for(site.run("/api/v1/runs/", FREE))
