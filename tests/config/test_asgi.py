"""The ASGI application, below Django."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest

from bench.rig.ports import free_port
from config.asgi import application
from config.environment import ROOT
from tests.browser.streaming import served
from tests.conftest import wait_for_port
from tests.loops import ran
from tests.served import Exchange

GARBAGE = """
import gc, config.asgi, config.urls
looked_at = [0, 0, 0]

def look(phase, facts):
    generation = facts["generation"]
    if phase == "start":
        seen = sum(len(gc.get_objects(younger)) for younger in range(generation + 1))
        looked_at[generation] = max(looked_at[generation], seen)

gc.callbacks.append(look)
kept = [[] for _ in range(130_000)]
print(*looked_at, any(each is config.urls.urlpatterns for each in gc.get_objects()))
"""

WITHOUT_CONTRACT = """
import config.asgi
from portal.api.contract import common_parts
from portal.api.published import parsed
print(common_parts.cache_info().misses, parsed.cache_info().misses)
"""


async def ask(query: bytes) -> list[dict]:
    """The messages that answer a GET of /healthz."""
    told: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": "/healthz", "http_version": "1.1", "headers": []}
    await application({**scope, "query_string": query}, receive, send)
    return told


@pytest.mark.parametrize("query", [b"q=\xc3\xa9", b"q=\xff", b"q=%C3%A9&a=[1]", b""])
def test_any_bytes_in_a_query_reach_the_pages(query):
    told = ran(ask(query))
    assert [message["status"] for message in told if "status" in message] == [200]


@pytest.mark.parametrize(
    ("kind", "is_taken"),
    [
        (b"text/plain", True),
        (b"text/plain; charset=UTF-8", True),
        (b'text/plain; charset="utf8"', True),
        (b"text/plain; charset=us-ascii", True),
        (b"text/plain; charset=hex", False),
        (b"multipart/form-data; boundary=x; CHARSET=base64", False),
        (b"text/plain; charset*=utf-8''zlib", False),
        (b"text/plain; charset=utf-16", False),
        (b"text/plain; a*=nothing''b", False),
        (b"text/plain; a=" + b"a" * 20_000, False),
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/runs/abc/events/"])
def test_a_request_whose_text_is_not_utf_8_is_refused(kind, is_taken, path):
    """Django would fail to read many of them, so anyone could cause errors of ours."""
    answer = ran(Exchange(path, headers={"content-type": kind}).answered())
    assert answer.status == ((200 if path == "/healthz" else 401) if is_taken else 400)


def test_two_types_of_one_request_are_read_as_django_reads_them():
    exchange = Exchange("/healthz", headers={"content-type": b"text/plain; charset=hex; a="})
    exchange.scope["headers"].append((b"content-type", b"text/plain"))
    assert ran(exchange.answered()).status == 400


def test_a_copy_served_to_a_browser_leaves_the_application_usable():
    with served():
        pass
    assert [message["status"] for message in ran(ask(b"")) if "status" in message] == [200]


def test_a_server_that_is_told_to_end_does_not_wait_for_an_open_stream():
    """Uvicorn alone waits until the last stream is over; this one never is."""
    port = free_port()
    serve = ("-m", "config.server", "tests.config.endless:application", "--port", str(port))
    process = subprocess.Popen((sys.executable, *serve), cwd=ROOT)
    try:
        wait_for_port(port, process)
        with closing(HTTPConnection("127.0.0.1", port, timeout=600)) as connection:
            connection.request("GET", "/api/v1/runs/1/events/")
            with connection.getresponse() as stream:
                assert stream.readline() == b"begun\n"
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=600) == 0
    finally:
        process.kill()
        process.wait()


def test_a_server_starts_without_parsing_the_description_of_the_api(tmp_path):
    """Parsing takes longer than anything else that a start imports, and few visitors ask for the description."""
    environ = os.environ | {"FINALCHECK_DATA": str(tmp_path)}
    command = (sys.executable, "-c", WITHOUT_CONTRACT)
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "0 0\n"


def test_a_collection_of_garbage_looks_at_few_objects_and_at_none_of_the_program():
    """No request is answered during a collection."""
    shown = subprocess.run((sys.executable, "-c", GARBAGE), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    youngest, younger, all_of_them, looks_at_program = shown.split()
    assert 5_000 <= int(youngest) < 7_000
    assert 50_000 <= int(younger) < 70_000
    assert all_of_them == "0"
    assert looks_at_program == "False"
