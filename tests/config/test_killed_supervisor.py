"""The web server under a small supervisor, both really killed: no process remains, or the server is back at once."""

import http.client
import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.rig.ports import free_port
from config.environment import ROOT
from config.up.address import Address
from config.up.greeting import is_healthy
from tests.labs.lives import wait_until
from tests.rounds import second_round

pytestmark = second_round

SUPERVISOR = """
import os, sys
from pathlib import Path
from config.up.address import Address
from config.up.programs import web
from config.up.supervisor import Supervisor
programs = [web(Address("127.0.0.1", int(sys.argv[1])), dict(os.environ))]
Supervisor(programs, Path(sys.argv[2]), lambda line: print(line, flush=True)).run(lambda supervisor: None)
"""
PATIENCE = 90  # seconds to wait for another process


@dataclass
class Served:
    supervisor: "subprocess.Popen[str]"
    address: Address
    data: Path

    def processes(self) -> list[int]:
        """The web server and the processes that it started."""
        (server,) = children_of(self.supervisor.pid)
        return [server, *children_of(server)]

    def wait_until_healthy(self) -> None:
        give_up_at = time.monotonic() + PATIENCE
        while not is_healthy(self.address):
            assert time.monotonic() < give_up_at, "no page was answered"

    def ask(self, path: str) -> socket.socket:
        """Send a request without waiting for its answer."""
        connection = socket.create_connection((self.address.host, self.address.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return connection


def children_of(pid: int) -> list[int]:
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # this thread has just ended
            children += map(int, (thread / "children").read_text().split())
    return children


@pytest.fixture
def served(tmp_path) -> Iterator[Served]:
    address = Address("127.0.0.1", free_port())
    ours = {"FINALCHECK_DATA": str(tmp_path), "FINALCHECK_THREADS": "1", "FINALCHECK_DATABASE_URL": ""}
    command = (sys.executable, "-c", SUPERVISOR, str(address.port), str(tmp_path / "log" / "finalcheck.log"))
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ours}, stdout=subprocess.PIPE, text=True) as process:
        found = Served(process, address, tmp_path)
        try:
            found.wait_until_healthy()
            yield found
        finally:
            process.terminate()


def holds_up_readers(holder: sqlite3.Connection) -> bool:
    """Give the database a journal in which a writer holds up readers. Return False while another process has it open."""
    with suppress(sqlite3.OperationalError):
        return holder.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    return False


def test_no_web_process_outlives_a_killed_supervisor_while_a_page_is_on_its_way(served):
    """A page that waits for the database holds a thread. The thread then waits for a loop that has stopped."""
    processes = [os.pidfd_open(pid) for pid in served.processes()]
    with closing(sqlite3.connect(served.data / "finalcheck.sqlite3", isolation_level=None)) as holder:
        wait_until(lambda: holds_up_readers(holder))
        holder.execute("BEGIN EXCLUSIVE")
        with served.ask("/"):
            while is_healthy(served.address):  # the only thread is still free
                pass
            served.supervisor.kill()
            served.supervisor.wait()
            for descriptor in processes:
                ended, _, _ = select.select([descriptor], [], [], PATIENCE)
                os.close(descriptor)
                assert ended


def test_a_web_process_whose_server_was_killed_ends_too(served):
    server, *workers = served.processes()
    descriptors = [os.pidfd_open(pid) for pid in workers]
    served.supervisor.send_signal(signal.SIGSTOP)  # otherwise the supervisor would end the workers
    os.kill(server, signal.SIGKILL)
    try:
        for descriptor in descriptors:
            ended, _, _ = select.select([descriptor], [], [], PATIENCE)
            os.close(descriptor)
            assert ended
    finally:
        served.supervisor.send_signal(signal.SIGCONT)


def test_a_killed_web_server_is_back_at_once_however_often_it_is_killed(served):
    for _ in range(3):
        server, *_workers = served.processes()
        os.kill(server, signal.SIGKILL)
        said = served.supervisor.stdout.readline()
        assert said.startswith("web ended with status -9; it starts again at once")
        served.wait_until_healthy()


def test_the_server_starts_without_a_complaint(served):
    connection = http.client.HTTPConnection(served.address.host, served.address.port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert "errored" not in (served.data / "log" / "finalcheck.log").read_text()
