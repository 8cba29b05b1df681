"""Start what is measured, each as a context manager with its own folder and free ports: PostgreSQL, Redis, the product
as `make run` starts it, and the floor.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.rig.ports import free_port
from bench.rig.processes import named

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds for a server to start; a busy machine needs long
NO_RUNNER = "/nowhere/runner.sock"  # an address at which nobody runs code, so that `up` starts no runner
FAST = signal.SIGINT  # PostgreSQL then ends its clients' connections; at SIGTERM it waits for them
# FINALCHECK_FAST, to measure what a piece for speed gains (foundation/fast/README.md)
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "FINALCHECK_FAST")
PLAIN = {name: os.environ[name] for name in PASSED_ON if name in os.environ}


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder that other users may enter, because PostgreSQL and sandboxes run as other users."""
    with tempfile.TemporaryDirectory(prefix="finalcheck-bench-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


@contextmanager
def running(
    *command: str, environ: Mapping[str, str], log: Path, cwd: Path = PROJECT, stop: signal.Signals = signal.SIGTERM
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends, then stop it and everything it started, first with the signal `stop`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for number in (stop, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)


def postgresql_folder() -> Path | None:
    """Return the folder of PostgreSQL's programs, None if PostgreSQL is missing."""
    search = subprocess.run(("ops/with-postgres", "--find"), cwd=PROJECT, capture_output=True, text=True)
    return Path(search.stdout.strip()) if search.returncode == 0 else None


@dataclass(frozen=True)
class Postgresql:
    """A running PostgreSQL with the databases `finalcheck` and `floor`; commits are durable, as in production."""

    port: int
    pid: int

    def url(self, database: str = "finalcheck") -> str:
        return f"postgres://finalcheck@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    programs = postgresql_folder()
    if not programs:
        sys.exit("PostgreSQL is missing. Install it, then repeat the command: ops/packages postgresql")
    with folder() as home:
        data, port, owner = home / "data", free_port(), as_owner()
        data.mkdir()
        if owner:
            shutil.chown(data, "postgres", "postgres")
        make = (*owner, str(programs / "initdb"), "-D", str(data), "--username", "finalcheck", "--auth", "trust")
        subprocess.run(
            (*make, "--encoding", "UTF8", "--locale", "C.UTF-8"), check=True, stdout=subprocess.DEVNULL, cwd=data
        )
        settings = ("listen_addresses=127.0.0.1", "shared_buffers=512MB", "max_connections=200")
        options = [part for setting in settings for part in ("-c", setting)]
        command = (*owner, str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data), *options)
        with running(*command, environ=PLAIN, log=home / "log", cwd=data, stop=FAST) as process:
            client = ("-h", "127.0.0.1", "-p", str(port), "-U", "finalcheck")
            for database in ("finalcheck", "floor"):
                until_it_works(str(programs / "createdb"), *client, database)
            yield Postgresql(port, process.pid)


def as_owner() -> tuple[str, ...]:
    """Return the beginning of a command that runs as the user postgres. PostgreSQL refuses to run as root."""
    if os.geteuid():
        return ()
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


def until_it_works(*command: str) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        if time.monotonic() > give_up_at:
            sys.exit(f"{command[0]} still fails after {PATIENCE} s.")
        time.sleep(0.1)


@contextmanager
def redis() -> Iterator[str]:
    """Start an empty Redis and yield its address."""
    with folder() as home:
        port = free_port()
        command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home))
        with running(*command, environ=PLAIN, log=home / "log"):
            until_it_works("redis-cli", "-p", str(port), "ping")
            yield f"redis://127.0.0.1:{port}/0"


@dataclass(frozen=True)
class Server:
    """A running web server. `pid` is its first process, `environ` the environment of its commands."""

    port: int
    pid: int
    environ: Mapping[str, str]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def web(self) -> set[int]:
        """Return the processes that answer pages."""
        return named([self.pid], "config.server")

    def python(self, *arguments: str) -> str:
        """Run Python with the server's settings and return what it prints."""
        command = (sys.executable, *arguments)
        done = subprocess.run(command, cwd=PROJECT, env=dict(self.environ), capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def sessions(self, prefix: str) -> list[str]:
        """Sign in everybody whose username begins with `prefix`, without passwords, and return the sessions' keys."""
        return json.loads(self.python("-m", "bench.rig.sessions", prefix).splitlines()[-1])


@contextmanager
def product(
    *,
    database_url: str = "",
    redis_url: str = "",
    with_runner: bool = False,
    data: Path | None = None,
    port: int = 0,
    public: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start the product as `make run` does, on SQLite and local queues unless addresses are given.

    It keeps its data in `data`, or in a new folder. `public` are the settings of a host behind a proxy.
    """
    with folder() as home:
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(data or home)}
        environ |= {"FINALCHECK_DATABASE_URL": database_url} if database_url else {}
        environ |= {"FINALCHECK_REDIS_URL": redis_url} if redis_url else {}
        environ |= {} if with_runner else {"FINALCHECK_RUNNER_SOCKET": NO_RUNNER}
        environ |= public or {}
        port = port or free_port()
        command = (sys.executable, "manage.py", "up", "--port", str(port))
        with running(*command, environ=environ, log=home / "output") as process:
            wait_for(f"http://127.0.0.1:{port}/{'healthz' if public else ''}", process, home / "output")
            yield Server(port, process.pid, {**environ, "FINALCHECK_DEMO": "1"})


@contextmanager
def floor(*, database_url: str = "") -> Iterator[Server]:
    """Start the floor: the smallest honest Django application that does the same work (bench/floor)."""
    with folder() as home:
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "bench.floor.settings", "FLOOR_DATA": str(home)}
        environ |= {"FLOOR_DATABASE_URL": database_url} if database_url else {}
        subprocess.run((sys.executable, "-m", "bench.floor.seed"), cwd=PROJECT, env=environ, check=True)
        port, workers = free_port(), ("2", "2") if database_url else ("1", "8")
        serve = ("-m", "granian", "--interface", "wsgi", "--workers", workers[0], "--blocking-threads", workers[1])
        where = ("--host", "127.0.0.1", "--port", str(port), "bench.floor.wsgi:application")
        with running(sys.executable, *serve, *where, environ=environ, log=home / "log") as process:
            wait_for(f"http://127.0.0.1:{port}/page/0/", process, home / "log")
            yield Server(port, process.pid, environ)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until an address answers, with whatever status."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{address} does not answer:\n{log.read_text(errors='replace')[-2000:]}")
