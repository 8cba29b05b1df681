"""Several web processes share a port: all take part, and one that ends is replaced. Tried with real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from uvicorn import Config

from bench.rig.ports import free_port
from bench.rig.processes import named
from config.environment import ROOT
from config.server import processes
from config.server.processes import APART, BEATS, LOOKS, STALLED, WebProcesses, beating, bound_sockets
from tests.browser.streaming import is_open
from tests.labs.lives import wait_until
from tests.loops import ran
from tests.rounds import second_round

pytestmark = second_round

PATIENCE = 60  # seconds
MANY = 100  # connections


class Server:
    def __init__(self, port: int, program: tuple[str, ...] = ("-m", "config.server")) -> None:
        self.port = port
        serve = (*program, "tests.config.server.telling:application", "--port", str(port), "--workers", "2")
        self.process = subprocess.Popen([sys.executable, *serve], cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def ask(self, path: str = "/") -> int:
        """Return which process answers on a new connection."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
            return int(answer.read())

    def who_answers(self) -> Counter[int]:
        return Counter(self.ask() for _ in range(MANY))

    def have_both_started(self) -> bool:
        try:
            return is_open(self.port) and len(self.who_answers()) == 2
        except urllib.error.URLError:
            return False


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(free_port())
    wait_until(server.have_both_started)
    yield server
    server.process.kill()
    server.process.communicate()


def test_connections_spread_over_all_processes(server):
    assert min(server.who_answers().values()) > MANY // 10


def test_a_process_that_ends_by_itself_is_replaced_and_the_other_goes_on_serving(server):
    before = set(server.who_answers())
    with pytest.raises(OSError):  # noqa: PT011 - urllib names several
        server.ask("/end")
    (left,) = before & {server.ask() for _ in range(MANY)}  # those for the other one wait for its successor
    after = set(server.who_answers())
    assert (left in after, len(after), len(before & after)) == (True, 2, 1)


def test_a_server_that_is_told_to_end_answers_what_it_has_begun_and_leaves_nothing_behind(server):
    children = named([server.process.pid], "spawn_main")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as slow:
        slow.sendall(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: server.ask())  # the loop has come by since
        server.process.terminate()
        assert slow.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert server.process.wait(PATIENCE) == 0
    assert (is_open(server.port), len(children)) == (False, 2)
    assert not named(children, "spawn_main")


def test_no_process_survives_a_server_that_is_killed(server):
    children = named([server.process.pid], "spawn_main")
    server.process.kill()
    wait_until(lambda: not is_open(server.port) and not named(children, "spawn_main"))
    assert len(children) == 2


def test_killed_processes_are_replaced(server):
    before = set(server.who_answers())
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.have_both_started() and not before & set(server.who_answers()))


def test_a_second_server_on_the_same_port_does_not_start(server):
    second = Server(server.port)
    _, said = second.process.communicate(timeout=PATIENCE)
    assert (second.process.returncode, "Address already in use" in said) == (1, True)


class Fake:
    """A process that lives until it is told to end, or is dead from the start."""

    def __init__(self, *, is_dead: bool = False, is_deaf: bool = False) -> None:
        self.is_dead, self.is_deaf, self.exitcode, self.was_killed = is_dead, is_deaf, 1, False
        self.sentinel, self.waker = os.pipe()

    def is_alive(self) -> bool:
        return not self.is_dead

    def terminate(self) -> None:
        self.is_dead = not self.is_deaf

    def kill(self) -> None:
        self.is_dead = self.was_killed = True

    def join(self, timeout: float | None = None) -> None: ...


@pytest.fixture
def sockets() -> Iterator[list[socket.socket]]:
    held = bound_sockets("127.0.0.1", 0, 2, 10)
    yield held
    for each in held:
        each.close()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    return now


def test_processes_that_end_at_once_are_started_again_only_after_a_while(sockets, now):
    begun = []
    web = WebProcesses(sockets, lambda here, beat: begun.append(here) or Fake(is_dead=True))
    for _ in range(3):
        web.start_missing()
    assert (begun, web.pause()) == (sockets, APART)
    now[0] += APART
    web.start_missing()
    assert begun == [*sockets, *sockets]


def test_a_start_for_which_the_system_has_no_room_is_tried_again(sockets, now):
    refused = [OSError("no memory")]

    def start(here, beat):
        if refused:
            raise refused.pop()
        return Fake()

    web = WebProcesses(sockets, start)
    web.start_missing()
    assert (len(web.running), web.pause()) == (1, APART)
    now[0] += APART
    web.start_missing()
    assert (len(web.running), web.pause()) == (2, LOOKS)


def test_while_all_processes_run_there_is_only_their_beat_to_look_at(sockets):
    web = WebProcesses(sockets, lambda here, beat: Fake())
    web.start_missing()
    assert web.pause() == LOOKS


def test_at_the_end_no_process_is_started_again_and_no_connection_is_taken(sockets):
    begun = []
    web = WebProcesses(sockets, lambda here, beat: begun.append(Fake()) or begun[-1])
    web.start_missing()
    web.end_on_signal(signal.SIGTERM, None)
    web.run()
    assert (len(begun), [each.fileno() for each in sockets]) == (2, [-1, -1])
    assert not any(each.is_alive() or each.was_killed for each in begun)


def test_a_process_whose_loop_stands_still_is_killed_and_the_other_is_not(sockets, now):
    begun = []
    web = WebProcesses(sockets, lambda here, beat: begun.append(Fake()) or begun[-1])
    web.start_missing()
    now[0] += STALLED
    web.beats[sockets[1]].value = now[0]
    web.kill_stalled()
    assert not any(each.was_killed for each in begun)
    now[0] += 0.1
    web.kill_stalled()
    assert [each.was_killed for each in begun] == [True, False]


def test_the_loop_of_a_server_notes_the_time():
    beat = SimpleNamespace(value=0.0)
    config = beating(Config(None), beat)
    began = time.monotonic()
    ran(config.callback_notify())
    assert (beat.value >= began, config.timeout_notify) == (True, BEATS)


IMPATIENT = """
from config.server import processes
from config.server.__main__ import serve
processes.STALLED, processes.LOOKS = 8.0, 0.2
serve()
"""


def test_a_process_that_is_stopped_is_replaced():
    server = Server(free_port(), ("-c", IMPATIENT))
    try:
        wait_until(server.have_both_started)
        stopped = server.ask()
        os.kill(stopped, signal.SIGSTOP)
        wait_until(lambda: stopped not in named([server.process.pid], "spawn_main"))
        wait_until(server.have_both_started)
    finally:
        server.process.kill()
        server.process.communicate()


def test_a_process_that_does_not_end_when_it_is_told_to_is_killed(sockets, now):
    stuck = Fake(is_deaf=True)
    web = WebProcesses(sockets[:1], lambda here, beat: stuck)
    web.start_missing()
    web.end()
    assert stuck.was_killed


def test_several_processes_serve_both_versions_of_ip_as_one_does():
    for each in bound_sockets("::", 0, 2, 10):
        assert each.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 0
        each.close()


def test_sockets_on_a_port_that_another_server_of_the_same_user_shares_are_not_bound(sockets):
    with pytest.raises(OSError, match="in use"):
        bound_sockets("127.0.0.1", sockets[0].getsockname()[1], 2, 10)
