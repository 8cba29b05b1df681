"""The web server in several processes: each accepts connections on a separate socket, and is replaced if it ends or hangs.

The kernel spreads connections over sockets that share a port. With one socket for all, an idle server accepts nearly all
connections in one process, because the event loop that wakes first takes all that wait.
"""

import logging
import multiprocessing
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Pipe, wait
from multiprocessing.process import BaseProcess
from typing import Protocol

from uvicorn import Config, Server

from config.up.lifelines import die_with_server
from config.up.programs import LAST_REQUESTS

APART = 2.0  # seconds between two starts on the same socket
STALLED, LOOKS, BEATS = (
    120.0,
    10.0,
    5,
)  # seconds: without a beat of its loop a process is killed; between looks, and beats
PATIENCE = LAST_REQUESTS + 5.0  # seconds after which a process that was told to end is killed
SPAWN = multiprocessing.get_context("spawn")
logger = logging.getLogger("config.server")


class Beat(Protocol):
    """A number in memory that two processes share."""

    value: float


def bound_sockets(host: str, port: int, number: int, backlog: int) -> list[socket.socket]:
    """Return sockets that share an address, on each of which connections queue from now on.

    Raises OSError if the address is in use, even by another server of the same user.
    """
    is_ipv6 = ":" in host
    family = socket.AF_INET6 if is_ipv6 else socket.AF_INET

    def bound(*, reuse_port: bool) -> socket.socket:
        address = (host, port)
        return socket.create_server(
            address, family=family, backlog=backlog, reuse_port=reuse_port, dualstack_ipv6=is_ipv6
        )

    with bound(reuse_port=False) as first:
        port = first.getsockname()[1]
    return [bound(reuse_port=True) for _ in range(number)]


class WebProcesses:
    """Keeps one process running on each socket, until a signal tells it to end."""

    def __init__(self, sockets: list[socket.socket], start: Callable[[socket.socket, Beat], BaseProcess]) -> None:
        self.sockets, self.start = sockets, start
        self.running = dict[socket.socket, BaseProcess]()
        self.began = dict[socket.socket, float]()
        self.beats = {listener: SPAWN.Value("d", 0.0, lock=False) for listener in sockets}
        self.is_ending = False
        self.awake, self.waker = Pipe(duplex=False)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end_on_signal)
        try:
            while not self.is_ending:
                self.start_missing()
                self.kill_stalled()
                wait([self.awake, *(process.sentinel for process in self.running.values())], self.pause())
        finally:
            self.end()

    def end_on_signal(self, number: int, frame: object) -> None:
        self.is_ending = True
        self.waker.send_bytes(b".")

    def start_missing(self) -> None:
        now = time.monotonic()
        for listener in self.sockets:
            process = self.running.get(listener)
            if process is not None and not process.is_alive():
                logger.error(
                    "A web process ended unexpectedly with exit code %s. A new one is started.", process.exitcode
                )
                del self.running[listener]
            if listener not in self.running and self.wait_of(listener, now) <= 0:
                self.began[listener] = now
                self.start_on(listener)

    def start_on(self, here: socket.socket) -> None:
        """Start a process. If the system is out of processes or memory, it is tried again."""
        try:
            self.beats[here].value = time.monotonic()
            self.running[here] = self.start(here, self.beats[here])
        except OSError:
            logger.exception("A web process could not be started. It is tried again in %g seconds.", APART)

    def kill_stalled(self) -> None:
        """Kill each process whose event loop stands still. Connections to its socket would wait for ever."""
        for here, process in self.running.items():
            if time.monotonic() - self.beats[here].value > STALLED and process.is_alive():
                logger.error("A web process did nothing for %g seconds. It is killed and replaced.", STALLED)
                process.kill()

    def wait_of(self, listener: socket.socket, now: float) -> float:
        """Return for how many seconds more a socket waits for a process."""
        return 0.0 if listener not in self.began else self.began[listener] + APART - now

    def pause(self) -> float:
        """Return after how many seconds there is something to do, if no process ends before."""
        now = time.monotonic()
        missing = [self.wait_of(listener, now) for listener in self.sockets if listener not in self.running]
        return max(0.0, min([LOOKS, *missing]))

    def end(self) -> None:
        """Take no more connections, and end all processes."""
        for listener in self.sockets:
            listener.close()
        for process in self.running.values():
            process.terminate()
        until = time.monotonic() + PATIENCE
        for process in self.running.values():
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def serve_on(config: Config, here: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, then exit with status 0. Uvicorn raises the signal again after it has shut down."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
    Server(config).run([here])


def serve_as_child(config: Config, here: socket.socket, beat: Beat) -> None:
    die_with_server()
    serve_on(beating(config, beat), here)


def beating(config: Config, beat: Beat) -> Config:
    """Let the event loop of a server note the time every few seconds, by the clock that all processes share."""

    async def note_time() -> None:
        beat.value = time.monotonic()

    config.callback_notify, config.timeout_notify = note_time, BEATS
    return config


def started(config: Config, here: socket.socket, beat: Beat) -> BaseProcess:
    process = SPAWN.Process(target=serve_as_child, args=(config, here, beat))
    process.start()
    return process


def serve_in_processes(config: Config, number: int) -> None:
    sockets = bound_sockets(config.host, config.port, number, config.backlog)
    WebProcesses(sockets, partial(started, config)).run()
