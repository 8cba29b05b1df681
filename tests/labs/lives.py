"""Worker processes as the product starts them, for tests that kill them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis
from django.conf import settings
from django.db import connection

from bench.rig.ports import free_port
from tests.conftest import wait_for_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds; only a test that fails waits so long


def database_url() -> str:
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


class Live:
    """Starts workers on the test's database and kills the remaining ones at the end."""

    def __init__(self, data: Path):
        self.data, self.stack = data, ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.close()
        log = self.data / "worker.log"
        print(log.read_text() if log.exists() else "no worker started")  # pytest shows it if the test fails

    def worker(self) -> "subprocess.Popen[bytes]":
        command = (
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.labs.patient",
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "2",
        )
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
        ours = {"DATABASE_URL": database_url(), "DATA": str(self.data)}
        hosts = ",".join(f"{name}={host}:{port}" for name, (host, port) in settings.RUNNERS.items())
        ours |= {"RUNNERS": hosts} if hosts else {"RUNNER_SOCKET": str(settings.RUNNER_SOCKET)}
        ours |= {"REDIS_URL": settings.REDIS_URL} if settings.REDIS_URL else {}
        environ = {**os.environ, **{f"FINALCHECK_{name}": value for name, value in ours.items()}}
        log = self.stack.enter_context((self.data / "worker.log").open("ab"))
        process = subprocess.Popen((*command, *quiet), cwd=ROOT, env=environ, stdout=log, stderr=log)
        self.stack.callback(end, process)
        return process


class Redis:
    """A Redis without persistence that tests kill, stop and start again at the same address."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end(self.process)

    def start(self) -> None:
        command = ("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        wait_for_port(self.port, self.process)

    def cut_off_who_waits(self) -> None:
        """Close the connections that wait for a message, so that the next message stays in the list."""
        with redis.Redis.from_url(self.url) as server:
            for each in server.client_list():
                if "b" in each["flags"]:
                    server.client_kill_filter(_id=each["id"])

    def drop(self) -> int:
        """Drop the messages in the list. Return 1 if there were any."""
        with redis.Redis.from_url(self.url) as server:
            return int(server.delete("celery"))

    def double(self) -> int:
        """Add each message in the list twice more. Return how many there were."""
        with redis.Redis.from_url(self.url) as server:
            messages = server.lrange("celery", 0, -1)
            for message in messages:
                server.rpush("celery", message, message)
            return len(messages)

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def wait_until(is_so: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Poll until `is_so` returns something true and return it. Other processes give no notice of their progress."""
    give_up_at = time.monotonic() + patience
    while not (found := is_so()):
        assert time.monotonic() < give_up_at, "it never became so"
        time.sleep(0.05)
    return found
