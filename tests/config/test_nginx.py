"""nginx, with the configuration of deploy/nginx, in front of the product on a production host."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone

from accounts.services.tokens import create_token
from bench.rig.ports import free_port
from bench.rig.processes import named
from config.up.address import Address
from config.up.greeting import is_healthy
from labs.rules.files import LARGEST
from quizzes.models import SittingQuestion
from tests import factories as make
from tests.browser.streaming import is_open
from tests.config.test_message_boundaries import HIDDEN
from tests.databases import connected_to, migrated_name
from tests.labs.lives import end, wait_until
from tests.labs.making import make_lab, make_learner, order
from tests.nginx import configuration, find_nginx
from tests.product import up
from tests.rounds import second_round
from tests.topology.proxy import make_certificate

pytestmark = [pytest.mark.xdist_group("nginx"), second_round]
FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@dataclass
class Proxied:
    """The product at `web`, and nginx in front of it at two ports of localhost."""

    home: Path
    url: str
    web: int
    https: int
    plain: int
    pid: int

    @property
    def address(self) -> str:
        return f"https://localhost:{self.https}"

    def connect(self) -> http.client.HTTPSConnection:
        trusting = ssl.create_default_context(cafile=str(self.home / "certificate.pem"))
        return http.client.HTTPSConnection("localhost", self.https, timeout=60, context=trusting)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, str]:
        """Return status, headers and body of the answer by https."""
        connection = self.connect()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read().decode()
        connection.close()
        return found


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, run_folder: Path) -> Iterator[Proxied]:
    home = tmp_path_factory.mktemp("nginx") / "home"
    home.mkdir()
    make_certificate(home)
    url = f"sqlite:///{shutil.copy(migrated_name(run_folder), home / 'finalcheck.sqlite3')}"
    web, https, plain = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        public = {"PUBLIC_URL": f"https://localhost:{https}", "PROXY": "1", "SECRET_KEY": "k" * 64}
        own = {"DATABASE_URL": url, "RUNNER_SOCKET": "/nowhere/runner.sock"}
        product = stack.enter_context(up(web, home / "data", **public, **own))
        stack.callback(end, product)
        (home / "nginx.conf").write_text(configuration(home, web, https, plain))
        command = (find_nginx(), "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "errors"))
        stack.callback(end, stack.enter_context(subprocess.Popen(command)))
        wait_until(lambda: is_healthy(Address("127.0.0.1", web)) and is_open(https))
        yield Proxied(home, url, web, https, plain, product.pid)


@pytest.fixture
def lab(proxied: Proxied, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), connected_to(proxied.url):
        yield make_lab()


@pytest.fixture
def learner(lab: Any) -> Any:
    return make_learner(lab)


def token_of(person: Any) -> dict[str, str]:
    """Return the header with which a program of this person calls the API."""
    _, token = create_token(user=person, now=timezone.now())
    return {"Authorization": f"Token {token}"}


def test_pages_and_redirects_have_the_public_address(proxied):
    status, headers, page = proxied.ask("GET", "/accounts/login/")
    assert (status, str(proxied.web) in page) == (200, False)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    status, headers, _ = proxied.ask("GET", "/settings/")
    assert (status, headers["Location"]) == (302, "/accounts/login/?next=/settings/")


@pytest.mark.parametrize("sent", [{}, FORGED], ids=["honest", "forged"])
def test_a_page_by_plain_http_is_redirected_whatever_the_client_says_of_its_protocol(proxied, sent):
    connection = http.client.HTTPConnection("localhost", proxied.plain, timeout=300)
    connection.request("GET", "/settings/", headers=sent)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"{proxied.address}/settings/")
    connection.close()


def test_a_client_cannot_forge_the_address_from_which_it_signs_in(proxied, learner):
    learner.password = PBKDF2PasswordHasher().encode(make.PASSWORD, "salt")  # the product does not know that of tests
    learner.save()
    _, headers, page = proxied.ask("GET", "/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    (cookie,) = re.findall(r"__Host-csrftoken=\w+", " ".join(headers.get_all("Set-Cookie")))
    form = urlencode({"csrfmiddlewaretoken": token, "login": learner.username, "password": make.PASSWORD})
    sent = {"Cookie": cookie, "Referer": f"{proxied.address}/accounts/login/", **FORGED}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert proxied.ask("POST", "/accounts/login/", form, **sent, **kind)[0] == 302
    assert UserSession.objects.get(user=learner).ip == "127.0.0.1"


def test_events_arrive_while_the_stream_stays_open(proxied, learner):
    run = order(learner, now=timezone.now())
    connection = proxied.connect()
    connection.request("GET", f"/api/v1/runs/{run.pk}/events/", headers=token_of(learner))
    stream = connection.getresponse()
    assert (stream.status, stream.headers["Content-Type"]) == (200, "text/event-stream")
    told = [stream.readline() for _ in range(2)]
    assert told == [b"event: queued\n", b'data: {"position": 1}\n']
    assert not stream.isclosed()
    connection.close()


def test_the_largest_file_arrives_and_a_larger_one_is_refused_with_the_reason(proxied, lab, learner):
    where = f"/api/v1/labs/{lab.pk}/files/weights.bin"
    sent = {**token_of(learner), "Content-Type": "application/octet-stream"}
    assert proxied.ask("PUT", where, bytes(LARGEST), **sent)[0] == 201
    status, _, told = proxied.ask("PUT", where, bytes(LARGEST + 1), **sent)
    assert (status, json.loads(told)["code"]) == (413, "file_too_large")
    status, headers, _ = proxied.ask("PUT", where, bytes((6 << 20) + 1), **sent)
    assert (status, headers["Server"].partition("/")[0]) == (413, "nginx")


POST = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n"
LENGTH, CHUNKED = b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"
EMPTY = b"\r\n0\r\n\r\n"  # the last chunk
AMBIGUOUS = {
    "a length and chunks": POST + LENGTH + CHUNKED + EMPTY,
    "two lengths": POST + b"Content-Length: 0\r\n" + LENGTH + b"\r\n",
    "a length, and chunks after a bare LF": POST + LENGTH + b"X-Cut: a\n" + CHUNKED + EMPTY,
    "chunks after a bare CR": POST + b"X-Cut: a\r" + CHUNKED + EMPTY,
    "a zero byte in the address": POST.replace(b"/healthz", b"/healthz\0") + b"\r\n",
    "a zero byte in a header": POST + b"X-Zero: a\0b\r\n\r\n",
}


@pytest.mark.parametrize("sent", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_an_ambiguous_request_is_refused_and_nothing_after_it_is_answered(proxied, sent):
    assert statuses(proxied, sent + HIDDEN) == [b"400"]


def test_two_requests_in_a_row_are_both_answered(proxied):
    last = HIDDEN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert statuses(proxied, HIDDEN + last) == [b"200", b"200"]


def statuses(proxied: Proxied, sent: bytes) -> list[bytes]:
    """Return the status of each answer until nginx hangs up."""
    trusting = ssl.create_default_context(cafile=str(proxied.home / "certificate.pem"))
    plain = socket.create_connection(("localhost", proxied.https), timeout=300)
    with trusting.wrap_socket(plain, server_hostname="localhost") as connection:
        connection.sendall(sent)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    return re.findall(rb"HTTP/1\.1 (\d+) ", said)


def test_a_save_while_the_web_server_restarts_is_refused_by_nginx_and_succeeds_later(proxied, lab, learner):
    question = make.make_review(course=lab.course, kinds=["text"]).questions.get()
    sent = {**token_of(learner), "Content-Type": "application/json"}
    draft = ("PUT", f"/api/v1/questions/{question.pk}/draft/", json.dumps({"response": "relu", "revision": 0}))
    for pid in named([proxied.pid], "config.server"):
        with suppress(ProcessLookupError):  # it has ended with its parent
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_open(proxied.web))
    status, _, _ = proxied.ask(*draft, **sent)
    assert (status, SittingQuestion.objects.count()) == (502, 0)
    wait_until(lambda: is_healthy(Address("127.0.0.1", proxied.web)))
    assert (proxied.ask(*draft, **sent)[0], SittingQuestion.objects.get().draft) == (200, "relu")
