"""The product under its supervisor, with what it stores its data in. Any part of it can be killed, and starts again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.rig.ports import free_port
from bench.rig.processes import family, named, stat
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import all_programs
from tests.durability.clusters import Cluster
from tests.faults.failpoints import FOLDER
from tests.labs.lives import Redis, end, wait_until
from tests.runner.stations import FIRST_USER

ROOT = Path(__file__).resolve().parent.parent.parent
UP = ("-m", "config.up")
# The supervisor of `up` with the web server alone, which starts in a fraction of the time
WEB_ALONE = """
import os, sys
from pathlib import Path
from config.up.address import Address
from config.up.programs import web
from config.up.supervisor import Supervisor
environ = dict(os.environ)
programs = [web(Address(sys.argv[1], int(sys.argv[2])), environ)]
log = Path(environ["FINALCHECK_DATA"], "log", "finalcheck.log")
Supervisor(programs, log, lambda line: print(line, flush=True)).run(lambda supervisor: None)
"""


class Site:
    """A running product. `environ` is the environment of its programs and commands.

    `supervised` are the arguments with which Python runs the supervisor. The runner is a separate program, because it
    takes long to start.
    """

    def __init__(
        self,
        data: Path,
        database: str,
        *,
        supervised: tuple[str, ...] = UP,
        cluster: Cluster | None = None,
        redis: Redis | None = None,
    ) -> None:
        self.data, self.supervised, self.cluster, self.redis = data, supervised, cluster, redis
        self.address = Address("127.0.0.1", free_port())
        self.armed = data / "armed"
        self.environ = environ_of(data, database) | {FOLDER: str(self.armed)}
        self.environ |= {"FINALCHECK_REDIS_URL": redis.url} if redis else {}
        self.runner: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the supervisor, and wait until pages are served."""
        where = (self.address.host, str(self.address.port))
        self.supervisor = self.launch("supervisor", self.environ, *self.supervised, *where)
        wait_until(lambda: self.has_given_up or is_healthy(self.address))

    @property
    def has_given_up(self) -> bool:
        """Return whether the supervisor has ended, as it does if the web server dies before it has served anything."""
        return self.supervisor.poll() is not None

    def launch(self, name: str, environ: dict[str, str], *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.data / f"{name}.out").open("ab") as output:
            return subprocess.Popen(
                (sys.executable, *arguments),
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def start_runner(self) -> None:
        """Start a small runner at the socket that the environment names."""
        size = ("--zygotes", "1", "--spares", "0", "--runtimes", "tf2", "--uid-base", str(FIRST_USER))
        where = ("--socket", self.environ["FINALCHECK_RUNNER_SOCKET"], "--work", str(self.data / "runner"))
        self.runner = self.launch("runner", {}, "-m", "labs.runner", *where, *size)

    def processes_of(self, name: str) -> list[int]:
        """Return the processes of a supervised program. A "web process" is one that answers pages: a child, if there are."""
        if name == "web process":
            servers = self.processes_of("web")
            return sorted(named(servers, "spawn_main")) or servers
        commands = {program.name: program.argv for program in all_programs(self.address, self.environ)}
        return [pid for pid in children_of(self.supervisor.pid) if command_of(pid) == commands.get(name)]

    def kill(self, name: str, choose: Callable[[list[int]], int]) -> bool:
        """Kill a part without a warning, and have it started again. Return False if it does not run."""
        match name:
            case "supervisor":
                self.kill_supervisor()
            case "runner" if self.runner is not None:
                end(self.runner)
                self.start_runner()
            case "redis" if self.redis is not None:
                end(self.redis.process)
                self.redis.start()
            case "postgresql" if self.cluster is not None:
                self.cluster.stop("immediate")
                self.cluster.start()
            case _:
                return self.kill_supervised(name, choose)
        return True

    def kill_supervised(self, name: str, choose: Callable[[list[int]], int]) -> bool:
        """Kill one process of a program that the supervisor starts again."""
        found = self.processes_of(name)
        with suppress(ProcessLookupError):
            if found:
                os.kill(choose(found), signal.SIGKILL)
                return True
        return False

    def kill_supervisor(self) -> None:
        """Kill the supervisor alone, wait until the kernel has ended its programs, and start it again."""
        programs = family([self.supervisor.pid])
        end(self.supervisor)
        wait_until(lambda: not any(is_alive(pid) for pid in programs))
        self.start()

    def stop(self) -> None:
        self.supervisor.terminate()
        self.supervisor.wait(60)
        if self.runner is not None:
            self.runner.terminate()
            self.runner.wait(60)


def environ_of(data: Path, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    inside = os.pathsep.join((str(ROOT / "tests" / "faults" / "inside"), str(ROOT)))
    ours = {"DATA": str(data), "DATABASE_URL": database, "DEMO": "1", "RUNNER_SOCKET": str(data / "runner.sock")}
    named = {f"FINALCHECK_{name}": value for name, value in ours.items()}
    return {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": inside, **named}


@contextmanager
def running_site(site: Site) -> Iterator[Site]:
    """Start the site, and stop it at the end, whatever happens."""
    site.armed.mkdir()
    site.start()
    try:
        yield site
    finally:
        site.stop()


def children_of(pid: int) -> list[int]:
    return [child for child in family([pid]) if parent_of(child) == pid]


def parent_of(pid: int) -> int:
    try:
        return int(stat(pid)[1])
    except OSError:
        return 0


def command_of(pid: int) -> tuple[str, ...]:
    try:
        return tuple(Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1])
    except OSError:
        return ()


def is_alive(pid: int) -> bool:
    try:
        return stat(pid)[0] != "Z"
    except OSError:
        return False
