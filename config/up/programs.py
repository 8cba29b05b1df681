"""The programs that make up a running Finalcheck, as data."""

import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.environment import Environment
from config.up.address import Address

ROOT = Path(__file__).resolve().parent.parent.parent
LAST_REQUESTS = 20  # seconds that a server told to end waits for requests, none of which may take longer (D6)
COUNTING = ("web", "worker", "sweeper")  # the programs that count for /metrics
# Otherwise the C library gives each thread a heap, and what one thread frees is lost to the others; and it returns memory
# to the system only in ever larger amounts.
FEW_HEAPS = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


@dataclass(frozen=True)
class Program:
    """A command to keep running. `environ` is its complete environment.

    `serving` is part of the line that the program prints once it serves. `patience` is how many seconds it gets to end
    before it is killed. `last_signal` ends the program if the
    supervisor was killed: SIGKILL, because unfinished work is rolled back or repeated.
    """

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    serving: str = ""
    patience: float = 8.0
    last_signal: signal.Signals = signal.SIGKILL


def data_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("FINALCHECK_DATA", "").strip() or ROOT / "var").resolve()


def metrics_folder(environ: Mapping[str, str], program: str) -> Path:
    """Return the folder in which the processes of a program count, each in its own files."""
    return data_folder(environ) / "metrics" / program


def empty_metrics(environ: Mapping[str, str], programs: Iterable[str] = COUNTING) -> None:
    """Reset the counters at each start. Otherwise the files of ended processes would accumulate."""
    for program in programs:
        folder = metrics_folder(environ, program)
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.db"):
            file.unlink()


def counting(environ: Mapping[str, str], program: str) -> dict[str, str]:
    """Return the environment in which the processes of a program count."""
    return {**environ, **FEW_HEAPS, "PROMETHEUS_MULTIPROC_DIR": str(metrics_folder(environ, program))}


def program_here(environ: Mapping[str, str]) -> str:
    """Return which of COUNTING the process with this environment is, or "" for any other command."""
    return Path(environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name


def web(address: Address, environ: Mapping[str, str]) -> Program:
    workers = str(Environment(environ).web_processes())
    where = ("--host", address.host, "--port", str(address.port), "--workers", workers)
    command = (sys.executable, "-m", "config.server", *where)
    patience = LAST_REQUESTS + 8.0  # the server itself kills its processes after 5 of these
    return Program("web", command, counting(environ, "web"), serving="Started server process", patience=patience)


def worker(environ: Mapping[str, str], address: Address | None = None, *, sweeps: bool = False) -> Program:
    """Return the worker. If it sweeps as well, a machine that runs all programs has one process less in its memory."""
    # `up` has checked already; checking again would load every page's code, 40 MB that a worker never uses.
    unchecked = {**counting(environ, "worker"), "CELERY_SKIP_CHECKS": "1"}
    if address is not None:
        unchecked["FINALCHECK_WEB_URL"] = f"http://{address.nearest}"  # for links in the mail of a demo, and heartbeats
    return Program("worker", (sys.executable, "manage.py", "work", *(["--sweep"] if sweeps else [])), unchecked)


def sweeper(address: Address | None, environ: Mapping[str, str]) -> Program:
    # The sweeper asks the web server for heartbeats, so that a server that answers nothing counts as an outage (D20).
    asking = counting(environ, "sweeper")
    if address is not None:
        asking["FINALCHECK_WEB_URL"] = f"http://{address.nearest}"
    return Program("sweeper", (sys.executable, "manage.py", "sweep"), asking)


def runner(environ: Mapping[str, str]) -> Program:
    # The environment is empty, so that learners' code finds no secret or address in its parent's environment.
    socket = data_folder(environ) / "runner.sock"
    gpu = ("--gpu",) if Environment(environ).flag("RUNNER_GPU") else ()
    command = (sys.executable, "-m", "labs.runner", "--socket", str(socket), *gpu)
    return Program("runner", command, {}, last_signal=signal.SIGTERM)  # it has sandboxes to remove


def has_runner() -> bool:
    return (ROOT / "labs" / "runner" / "__main__.py").exists()


def names_a_runner(environ: Mapping[str, str]) -> bool:
    """Return whether the environment names a runner that was started elsewhere, at a socket or on another machine."""
    return any(environ.get(f"FINALCHECK_{name}", "").strip() for name in ("RUNNER_SOCKET", "RUNNERS"))


def all_programs(address: Address, environ: Mapping[str, str]) -> list[Program]:
    labs = [runner(environ)] if has_runner() and not names_a_runner(environ) else []
    return [web(address, environ), worker(environ, address, sweeps=True), *labs]
