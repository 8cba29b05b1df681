"""Kernels in plain forks without the sandbox, to test the kernel and the judge. Other tests cover the sandbox.

python -m tests.runner.forks SOCKET     warms both runtimes, then forks a child for every connection
"""

import atexit
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "labs" / "runner" / "data" / "files"
ENDED = {"error": {"type": "Ended", "message": "The process ended before it answered."}}


def host(path: str) -> None:
    from labs.runner.kernel import warm

    warm("tf2")
    warm("tf1")
    threads = len(os.listdir("/proc/self/task"))
    assert threads == 1, f"{threads} threads after warming"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with Listener(path, "AF_UNIX") as listener:
        print("ready", flush=True)
        while True:
            connection = listener.accept()
            if os.fork() == 0:
                serve(connection)
            connection.close()


def serve(connection: Connection) -> None:
    from labs.runner.kernel import Kernel

    def say(message: dict) -> None:
        connection.send_bytes(json.dumps(message).encode())

    try:
        first = json.loads(connection.recv_bytes())
        emit = lambda frame: say({"frame": frame})  # noqa: E731 - shorter than a function
        kernel = Kernel(first["runtime"], emit, first["workdir"], str(DATA), first["seed"])
        while True:
            order = json.loads(connection.recv_bytes())
            if "probe" in order:
                say({"answer": kernel.probe(order["probe"])})
            else:
                result = kernel.run_cell(order["cell"], order["source"])
                say({"done": {"ok": result.ok, "error": result.error}})
    finally:
        os._exit(0)


@dataclass
class Ran:
    """The end of one cell, and its frames."""

    ok: bool
    error: dict | None
    frames: list[dict] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(frame["data"].get("text/plain", "") for frame in self.frames)

    @property
    def printed(self) -> str:
        stream = "application/vnd.finalcheck.stream+json"
        return "".join(frame["data"]["text/plain"] for frame in self.frames if stream in frame["data"])

    def of(self, mime: str) -> list:
        return [frame["data"][mime] for frame in self.frames if mime in frame["data"]]


class Child:
    """A forked kernel; `run` and `ask` may be called one after another until it ends.

    An answer that takes longer than `patience` seconds ends it.
    """

    patience = 120.0

    def __init__(self, path: str, runtime: str, workdir: str, seed: int | None) -> None:
        self._connection = Client(path, "AF_UNIX")
        self._say({"runtime": runtime, "workdir": workdir, "seed": seed})

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _say(self, message: dict) -> None:
        self._connection.send_bytes(json.dumps(message).encode())

    def run(self, source: str, cell: str | None = "1") -> Ran:
        """Run a cell. If the child has ended, the result is not ok."""
        frames = []
        try:
            self._say({"cell": cell, "source": source})
            while "done" not in (message := json.loads(self._connection.recv_bytes())):
                frames.append(message["frame"])
        except (EOFError, OSError, ValueError, LookupError):
            return Ran(False, None, frames)
        return Ran(message["done"]["ok"], message["done"]["error"], frames)

    def ask(self, request: dict) -> dict:
        try:
            self._say({"probe": request})
            while "answer" not in (message := self._hear()):
                pass
        except (EOFError, OSError, ValueError, TypeError):
            return ENDED
        return message["answer"]

    def _hear(self) -> dict:
        if not self._connection.poll(self.patience):
            self._connection.close()
            raise EOFError
        return json.loads(self._connection.recv_bytes())


class Forks:
    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="lab-forks-")
        self.path = str(Path(self.folder.name) / "socket")
        command = [sys.executable, "-m", "tests.runner.forks", self.path]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.process.stdout.readline() == b"ready\n"

    def child(self, runtime: str = "tf2", seed: int | None = None) -> Child:
        return Child(self.path, runtime, tempfile.mkdtemp(dir=self.folder.name), seed)

    def end(self) -> None:
        with self.process:
            self.process.kill()
        self.folder.cleanup()


def cells(script: str) -> list[str]:
    """The code cells of a percent script."""
    parts = re.split(r"^# %%(.*)\n", script, flags=re.MULTILINE)
    return [code for mark, code in zip(parts[1::2], parts[2::2], strict=True) if "markdown" not in mark]


@cache
def shared() -> Forks:
    """One host for all tests of this process."""
    made = Forks()
    atexit.register(made.end)
    return made


if __name__ == "__main__":
    host(sys.argv[1])
