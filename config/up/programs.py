"""The programs that make up a running Finalcheck, as data."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.up.address import Address

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Program:
    """A command to keep alive. `environ` is all of its environment; the program gets nothing else."""

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]


def data_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("FINALCHECK_DATA", "").strip() or ROOT / "var").resolve()


def web(address: Address, environ: Mapping[str, str]) -> Program:
    # One process on SQLite, where writers wait for each other inside the process instead of on the file.
    is_postgresql = environ.get("FINALCHECK_DATABASE_URL", "").startswith("postgres")
    workers = "2" if is_postgresql else "1"
    serve = ("-m", "granian", "--interface", "asgi", "--no-ws", "--workers", workers, "--respawn-failed-workers")
    where = ("--host", address.host, "--port", str(address.port), "config.asgi:application")
    return Program("web", (sys.executable, *serve, *where), environ)


def worker(environ: Mapping[str, str]) -> Program:
    # Threads: a task only hands code to the runner and waits, so a pool of processes would cost memory for nothing.
    pool = ("--pool", "threads", "--concurrency", "4", "--loglevel", "INFO")
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    # `up` has checked already; checking loads every page's code, 40 MB that a worker never runs.
    unchecked = {**environ, "CELERY_SKIP_CHECKS": "1"}
    return Program("worker", (sys.executable, "-m", "celery", "-A", "config", "worker", *pool, *alone), unchecked)


def sweeper(environ: Mapping[str, str]) -> Program:
    return Program("sweeper", (sys.executable, "manage.py", "sweep"), environ)


def runner(environ: Mapping[str, str]) -> Program:
    # The environment is empty: learners' code must find neither secret nor address in its parent's.
    socket = data_folder(environ) / "runner.sock"
    return Program("runner", (sys.executable, "-m", "labs.runner", "--socket", str(socket)), {})


def has_runner() -> bool:
    return (ROOT / "labs" / "runner" / "__main__.py").exists()


def names_a_runner(environ: Mapping[str, str]) -> bool:
    """Someone started one elsewhere, and says where it listens."""
    return bool(environ.get("FINALCHECK_RUNNER_SOCKET", "").strip())


def all_programs(address: Address, environ: Mapping[str, str]) -> list[Program]:
    labs = [runner(environ)] if has_runner() and not names_a_runner(environ) else []
    return [web(address, environ), worker(environ), sweeper(environ), *labs]
