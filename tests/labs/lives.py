"""Worker processes as the product starts them, to be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds


def database_url() -> str:
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


class Live:
    """Starts workers on the test's database; whatever still runs in the end is killed."""

    def __init__(self, data: Path):
        self.data, self.stack = data, ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.close()

    def worker(self) -> "subprocess.Popen[bytes]":
        command = (sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "threads", "--concurrency", "2")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
        ours = {"DATABASE_URL": database_url(), "DATA": str(self.data), "RUNNER_SOCKET": str(settings.RUNNER_SOCKET)}
        environ = {**os.environ, **{f"FINALCHECK_{name}": value for name, value in ours.items()}}
        log = self.stack.enter_context((self.data / "worker.log").open("ab"))
        process = subprocess.Popen((*command, *quiet), cwd=ROOT, env=environ, stdout=log, stderr=log)
        self.stack.callback(end, process)
        return process


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def wait_until(is_so: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What `is_so` returns once it is true; another process's progress is not ours to be told of."""
    give_up_at = time.monotonic() + patience
    while not (found := is_so()):
        assert time.monotonic() < give_up_at, "it never became so"
        time.sleep(0.05)
    return found
