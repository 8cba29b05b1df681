"""The web server in several processes: each accepts connections on a socket of its own, and is replaced when it ends.

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
from multiprocessing.connection import Pipe, wait
from multiprocessing.process import BaseProcess

from uvicorn import Config, Server

from config.up.lifelines import die_with_server

LAST_REQUESTS = 20  # seconds that a server told to end waits for requests, none of which may take longer (D6)
APART = 2.0  # seconds between two starts on the same socket
PATIENCE = LAST_REQUESTS + 5.0  # seconds after which a process that was told to end is killed
logger = logging.getLogger("config.server")


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

    def __init__(self, sockets: list[socket.socket], start: Callable[[socket.socket], BaseProcess]) -> None:
        self.sockets, self.start = sockets, start
        self.running = dict[socket.socket, BaseProcess]()
        self.began = dict[socket.socket, float]()
        self.is_ending = False
        self.awake, self.waker = Pipe(duplex=False)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.told_to_end)
        try:
            while not self.is_ending:
                self.start_missing()
                wait([self.awake, *(process.sentinel for process in self.running.values())], self.pause())
        finally:
            self.end()

    def told_to_end(self, number: int, frame: object) -> None:
        self.is_ending = True
        self.waker.send_bytes(b".")

    def start_missing(self) -> None:
        now = time.monotonic()
        for each in self.sockets:
            process = self.running.get(each)
            if process is not None and not process.is_alive():
                logger.error(
                    "A web process ended by itself, with exit code %s. Another one takes its place.", process.exitcode
                )
                del self.running[each]
            if each not in self.running and self.wait_of(each, now) <= 0:
                self.began[each] = now
                self.start_on(each)

    def start_on(self, here: socket.socket) -> None:
        """Start a process. If the system is out of processes or memory, it is tried again."""
        try:
            self.running[here] = self.start(here)
        except OSError:
            logger.exception("A web process could not be started. It is tried again in %g seconds.", APART)

    def wait_of(self, each: socket.socket, now: float) -> float:
        """Return for how many seconds more a socket waits for a process."""
        return 0.0 if each not in self.began else self.began[each] + APART - now

    def pause(self) -> float | None:
        """Return after how many seconds there is something to do, or None if nothing but the end of a process."""
        now = time.monotonic()
        missing = [self.wait_of(each, now) for each in self.sockets if each not in self.running]
        return max(0.0, min(missing)) if missing else None

    def end(self) -> None:
        """Take no more connections, and end all processes."""
        for each in self.sockets:
            each.close()
        for process in self.running.values():
            process.terminate()
        until = time.monotonic() + PATIENCE
        for process in self.running.values():
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()


def serve_on(config: Config, here: socket.socket) -> None:
    """Serve until a signal tells this process to end, which is no failure. The server sends itself that signal at last."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
    Server(config).run([here])


def serve_as_child(config: Config, here: socket.socket) -> None:
    die_with_server()
    serve_on(config, here)


def started(config: Config, here: socket.socket) -> BaseProcess:
    process = multiprocessing.get_context("spawn").Process(target=serve_as_child, args=(config, here))
    process.start()
    return process


def serve_in_processes(config: Config, number: int) -> None:
    sockets = bound_sockets(config.host, config.port, number, config.backlog)
    WebProcesses(sockets, lambda here: started(config, here)).run()
