"""A hall that signs in at the same moment from one address, at a running web server with the real password hasher."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.rig.lab_site import start
from bench.rig.ports import free_port
from bench.rig.servers import NO_RUNNER, PLAIN, PROJECT, folder, wait_for
from config.up.address import Address
from config.up.programs import all_programs

FIGURES = Path(__file__).resolve().parents[3] / "build" / "proofs" / "sign_ins.json"
PEOPLE, FAILURES = 500, 10
PATIENCE = 600  # seconds after which the proof fails instead of hanging
PASSWORD = "finalcheck"
PREPARE = """
import sys
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from accounts.models import User
from tests import factories as make
password = make.make_user().password
User.objects.bulk_create(User(username=f"hall-{number}", password=password) for number in range(int(sys.argv[1])))
print(password.partition("$")[0])
"""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a web server that allows few failed sign-ins, with as many accounts as the hall has people."""
    with ExitStack() as stack:
        data = stack.enter_context(folder())
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(data)}
        environ |= {"FINALCHECK_RUNNER_SOCKET": NO_RUNNER, "FINALCHECK_SIGN_IN_FAILURES": str(FAILURES)}
        command = (sys.executable, "-c", PREPARE, str(PEOPLE))
        ready = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=True)
        assert ready.stdout.split()[-1] == "pbkdf2_sha256"
        port = free_port()
        (web,) = [program for program in all_programs(Address("127.0.0.1", port), environ) if program.name == "web"]
        process = start(stack, web, data)
        wait_for(f"http://127.0.0.1:{port}/healthz", process, data / "web.log")
        yield f"http://127.0.0.1:{port}"


def answer(address: str, name: str, password: str) -> tuple[int, str, str]:
    """Send one sign-in, without repeating it. Return the status, the problem's code, and how long the server says to wait."""
    server = urlsplit(address)
    connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=PATIENCE)
    body = json.dumps({"username": name, "password": password})
    with closing(connection):
        connection.request("POST", "/api/v1/tokens/", body, {"Content-Type": "application/json"})
        found = connection.getresponse()
        return found.status, json.load(found).get("code", ""), found.headers.get("Retry-After", "")


def test_a_hall_signs_in_at_once_and_nobody_is_locked_out(address):
    """More people sign in than may fail, all from one address. A machine that is too slow tells the last to try again."""
    together = threading.Barrier(PEOPLE)

    def sign_in(number: int) -> tuple[int, float]:
        """Sign in, again whenever the server asks for it, and return the number of tries and the seconds they took."""
        together.wait()
        began, tries = time.monotonic(), 1
        while (told := answer(address, f"hall-{number}", PASSWORD)) == (503, "server_full", "2"):
            assert time.monotonic() - began < PATIENCE, "it never succeeded"
            tries += 1
        assert told == (201, "", "")
        return tries, time.monotonic() - began

    with ThreadPoolExecutor(PEOPLE) as hall:
        found = list(hall.map(sign_in, range(PEOPLE)))
    write(
        {
            "people who sign in at the same moment": PEOPLE,
            "signed in at the first try": sum(tries == 1 for tries, _ in found),
            "most tries of one person": max(tries for tries, _ in found),
            "seconds until all were in": round(max(took for _, took in found), 1),
        }
    )


def test_as_many_sign_ins_may_fail_as_the_setting_says(address):
    told = [answer(address, f"nobody-{number}", "wrong")[0] for number in range(FAILURES + 1)]
    assert told == [401] * FAILURES + [429]
    assert answer(address, "hall-0", PASSWORD)[0] == 429


def write(figures: dict[str, object]) -> None:
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    with FIGURES.open("a") as file:
        file.write(json.dumps(figures) + "\n")
