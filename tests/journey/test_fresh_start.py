"""The product as a newcomer starts it: one command, then a program takes the course over the API."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.journey.program import Program

ROOT = Path(__file__).resolve().parent.parent.parent
COURSE = "deep-learning-with-tensorflow"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """`manage.py up` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
        self.environ = kept | {"FINALCHECK_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.address = f"http://localhost:{self.port}"
        self.said = ""

    def start(self) -> None:
        command = [sys.executable, "manage.py", "up", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if "password of each" in line:
                return
        raise AssertionError(f"it did not start:\n{self.said}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)
        return self.process.returncode

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        arguments = [sys.executable, "manage.py", *command]
        return subprocess.run(arguments, cwd=ROOT, env=self.environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    running = Product(tmp_path_factory.mktemp("data"))
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()


def test_it_says_where_it_is_and_who_may_sign_in(product):
    assert product.address in product.said
    for account in ("learner", "learner2", "instructor", "admin", "finalcheck"):
        assert re.search(rf"\b{account}\b", product.said)


def test_a_program_that_knows_only_the_contract_takes_the_course(product):
    api = Program(product.address)
    assert api.call("GET", "/me/")[0] == 401
    api.sign_in("learner", "finalcheck")
    (course,) = [row for row in api.call("GET", "/courses/")[1]["results"] if row["slug"] == COURSE]
    assert api.call("POST", f"/courses/{COURSE}/enrollment/", {"name": "A Program"})[0] == 201
    modules = api.call("GET", f"/courses/{course['slug']}/")[1]["modules"]
    assessments = [found for module in modules for found in module["assessments"]]
    review, exam = (next(found for found in assessments if found["kind"] == kind) for kind in ("review", "exam"))

    questions = api.call("GET", f"/assessments/{review['id']}/")[1]["questions"]
    assert len(questions) >= 12
    for question in questions:
        number, is_final = 0, False
        while not is_final:
            number += 1
            body = {"response": api.some_response(question, number - 1), "number": number}
            status, outcome = api.call("POST", f"/questions/{question['id']}/attempts/", body)
            assert status == 201, outcome
            is_final = outcome["is_final"]
        assert number <= question["attempts_limit"]
        spent = {"response": api.some_response(question, 0), "number": number + 1}
        status, refusal = api.call("POST", f"/questions/{question['id']}/attempts/", spent)
        assert (status, refusal["code"] in {"already_final", "attempts_exhausted"}) == (409, True)

    status, sitting = api.call("POST", f"/assessments/{exam['id']}/sitting/")
    assert status == 201
    paper = api.call("GET", f"/assessments/{exam['id']}/")[1]["questions"]
    for question in paper:
        assert question["feedback"] is None
        draft = {"response": api.some_response(question), "revision": 0}
        assert api.call("PUT", f"/questions/{question['id']}/draft/", draft)[1]["revision"] == 1
    assert api.call("PUT", f"/questions/{paper[0]['id']}/draft/", {"response": None, "revision": 0})[0] == 409
    assert api.call("POST", f"/sittings/{sitting['id']}/submit/")[0] == 200
    settled = api.call("GET", f"/assessments/{exam['id']}/")[1]
    assert all(question["attempts_used"] == 1 and question["feedback"] for question in settled["questions"])
    assert api.call("POST", f"/assessments/{exam['id']}/sitting/")[1]["code"] == "sitting_over"

    progress = api.call("GET", f"/courses/{COURSE}/progress/")[1]
    states = {item["id"]: item["state"] for item in progress["items"]}
    assert (states[review["id"]], states[exam["id"]]) == ("done", "done")
    assert progress["overall"]["percent"] == percent_on_the_page(product.address)


def percent_on_the_page(address: str) -> str:
    """What the Progress tab says to the same learner, signed in through the form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": "learner", "password": "finalcheck"}
    browser.open(f"{address}/accounts/login/", urllib.parse.urlencode(fields).encode())
    page = browser.open(f"{address}/courses/{COURSE}/progress/").read().decode()
    percent = re.search(r'class="tot">([\d.]+)<small', page)
    assert percent
    return percent[1]


def test_every_grade_follows_from_the_records(product):
    assert product.manage("verify_grades").returncode == 0


def test_a_taken_port_is_told_with_the_line_to_type(product, tmp_path):
    second = Product(tmp_path)
    found = second.manage("up", "--port", str(product.port))
    assert found.returncode != 0
    assert "make run PORT=" in found.stdout + found.stderr


def test_it_stops_cleanly_and_a_second_start_keeps_the_data(product):
    before = Program(product.address)
    before.sign_in("admin", "finalcheck")
    assert before.call("POST", f"/courses/{COURSE}/enrollment/", {"name": "Ada"})[0] == 201
    assert product.stop() == 0
    product.start()
    assert before.call("GET", "/me/")[1]["enrollments"] == [COURSE]
