"""The site of the topology: two web hosts, two workers, two runner hosts, PostgreSQL and Redis, each on its own machine."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.rig.ports import free_port
from bench.rig.servers import PLAIN, PROJECT, as_owner, folder, postgresql_folder
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import empty_metrics, sweeper, web, worker
from tests.topology.network import Machine, Network
from tests.topology.proxy import HOST, Proxy

RUNNERS = ("a", "b")
MACHINES = ("web1", "web2", "worker1", "worker2", *RUNNERS, "postgresql", "redis")
OPEN_FOR = "5"  # seconds that sessions may stay on a runner host that is to be upgraded
STOPPED, GOING = 0.4, 0.1  # seconds of each half second in which a slowed program stands still, and runs
PATIENCE = 240  # seconds for the site to start on a busy machine
ON_THE_WAY = 2.0  # seconds within which a request that the proxy has just sent to a web host arrives there
LONGEST_STOP = 30  # seconds; a web server finishes its requests in 20
LEARNERS = "demo-7-"
ENROLL = """
import sys
import django; django.setup()
from datetime import UTC, datetime
from pathlib import Path
from labs.services.enrolling import enroll_runner
for name in sys.argv[2:]:
    enroll_runner(name=name, keys=Path(sys.argv[1]), now=datetime.now(UTC))
"""
TOKENS = """
import json, sys
import django; django.setup()
from django.utils import timezone
from accounts.models import User
from accounts.services import create_token
from labs.models import Lab
from labs.rules.cells import code_cells
lab = Lab.objects.filter(is_retired=False, runtime="tf2").first()
people = User.objects.filter(username__startswith=sys.argv[1]).order_by("pk")
tokens = [create_token(user=user, now=timezone.now())[1] for user in people]
print(json.dumps({"tokens": tokens, "lab": lab.pk, "cell": code_cells(lab.cells)[0]["id"]}))
"""


@dataclass
class Part:
    """A program on a machine, which can be killed and started again."""

    machine: Machine
    command: tuple[str, ...]
    environ: Mapping[str, str]
    log: Path
    cwd: Path = PROJECT
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                (*self.machine.enter, *self.command),
                cwd=self.cwd,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """Send a signal to the program and what it started in its group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """Let the program finish what it does, as a service manager does."""
        self.signal(signal.SIGTERM)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(LONGEST_STOP)
        self.kill()

    def end(self) -> None:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM if "labs.runner" in self.command else signal.SIGKILL)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        self.kill()


@dataclass
class Site:
    """The parts by machine; `environ` is the environment of commands such as manage.py."""

    network: Network
    data: Path
    environ: dict[str, str]
    proxy: Proxy
    parts: dict[str, list[Part]] = field(default_factory=dict)

    def python(self, *arguments: str, release: Path = PROJECT) -> str:
        command = (sys.executable, *arguments)
        done = subprocess.run(command, cwd=release, env=self.environ, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(arguments)[:200]} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def add(self, name: str, command: tuple[str, ...], environ: Mapping[str, str], cwd: Path = PROJECT) -> Part:
        parts = self.parts.setdefault(name, [])
        log = self.data / f"{name}-{len(parts)}.log"
        parts.append(Part(self.network.machines[name], command, environ, log, cwd))
        parts[-1].start()
        return parts[-1]

    def wait_for_database(self) -> None:
        """Wait until PostgreSQL accepts connections: after a kill, it first reads its log again."""
        command = (str(programs_of_postgresql() / "pg_isready"), "-h", self.network.machines["postgresql"].address)
        until(lambda: subprocess.run(command, capture_output=True).returncode == 0)

    # Faults

    def kill(self, name: str) -> None:
        for part in self.parts[name]:
            part.kill()

    def start_again(self, name: str) -> None:
        for part in self.parts[name]:
            part.start()

    def cut_off(self, name: str) -> None:
        """Pull the machine's cable. On loopback, its programs stand still instead, which others notice in the same way."""
        if self.network.reason:
            self.signal(name, signal.SIGSTOP)
        else:
            self.network.set_cable(name, is_in=False)

    def join_again(self, name: str) -> None:
        if self.network.reason:
            self.signal(name, signal.SIGCONT)
        else:
            self.network.set_cable(name, is_in=True)

    def upgrade(self, name: str, release: Path) -> None:
        """Stop a machine's programs and start those of a release. The proxy first takes a web host out."""
        is_web = name.startswith("web")
        if is_web:
            self.proxy.take_out(name)
            time.sleep(ON_THE_WAY)
        for part in self.parts[name]:
            part.stop()
            part.cwd = release
            part.start()
        if is_web:
            until(lambda: is_healthy(Address(self.network.machines[name].address, 8000)))
            self.proxy.put_back(name)

    def upgrade_runner(self, name: str, release: Path) -> int:
        """Upgrade a runner host, as docs/upgrading.md says. Return how many sessions left it while they were open."""
        said = self.python("manage.py", "runner", "drain", name, "--within", OPEN_FOR, release=release)
        for part in self.parts[name]:
            part.stop()
            part.cwd = release
            begun = part.log.stat().st_size
            part.start()
            until(lambda part=part, begun=begun: b'"ready": true' in part.log.read_bytes()[begun:])
        self.python("manage.py", "runner", "resume", name, release=release)
        return int(said.rpartition(": ")[2].rstrip(".\n"))

    def signal(self, name: str, number: int) -> None:
        for part in self.parts[name]:
            part.signal(number)

    def slow_down(self, name: str, seconds: float) -> None:
        """Let the machine's programs run for a fifth of the time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.signal(name, signal.SIGSTOP)
            time.sleep(STOPPED)
            self.signal(name, signal.SIGCONT)
            time.sleep(GOING)


@contextmanager
def running_site(network: Network, learners: int) -> Iterator[Site]:
    with ExitStack() as stack:
        data = stack.enter_context(folder())
        address = {name: machine.address for name, machine in network.machines.items()}
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environ["FINALCHECK_DATABASE_URL"] = f"postgres://finalcheck@{address['postgresql']}:5432/finalcheck"
        environ["FINALCHECK_REDIS_URL"] = f"redis://{address['redis']}:6379/0"
        environ["FINALCHECK_RUNNERS"] = ",".join(f"{name}={address[name]}:7443" for name in RUNNERS)
        environ["FINALCHECK_SECRET_KEY"] = secrets.token_urlsafe(64)
        proxy = Proxy(data / "proxy", free_port(), {name: (address[name], 8000) for name in ("web1", "web2")})
        stack.callback(proxy.end)
        site = Site(network, data, {**environ, "FINALCHECK_DATA": str(data / "web1"), "FINALCHECK_DEMO": "1"}, proxy)
        stack.callback(end_all, site)
        start_stores(site)
        site.python("-c", ENROLL, str(data / "runners"), *RUNNERS)
        start_runners(site)
        prepare(site, learners)
        public = {"FINALCHECK_PUBLIC_URL": f"https://{HOST}:{proxy.port}", "FINALCHECK_PROXY": "1"}
        for name in ("web1", "web2", "worker1", "worker2"):
            start_programs(site, name, {**environ, **public, "FINALCHECK_DATA": str(data / name)})
        yield site


def end_all(site: Site) -> None:
    for name in ("web1", "web2", "worker1", "worker2", *RUNNERS, "redis", "postgresql"):
        for part in site.parts.get(name, []):
            part.end()


def programs_of_postgresql() -> Path:
    found = postgresql_folder()
    if found is None:
        sys.exit("PostgreSQL is missing. Install it, then repeat the command: ops/packages postgresql")
    return found


def start_stores(site: Site) -> None:
    programs, owner, home = programs_of_postgresql(), as_owner(), site.data / "postgresql"
    home.mkdir()
    if owner:
        shutil.chown(home, "postgres", "postgres")
    make = (*owner, str(programs / "initdb"), "-D", str(home), "--username", "finalcheck", "--auth", "trust")
    subprocess.run((*make, "--encoding", "UTF8", "--locale", "C.UTF-8"), check=True, capture_output=True, cwd=home)
    with (home / "pg_hba.conf").open("a") as file:
        file.write("host all all 10.0.0.0/8 trust\n")
    address = site.network.machines["postgresql"].address
    options = ("-c", f"listen_addresses={address}", "-c", "max_connections=200", "-k", str(home))
    site.add("postgresql", (*owner, str(programs / "postgres"), "-D", str(home), "-p", "5432", *options), PLAIN, home)
    where = ("--bind", site.network.machines["redis"].address, "--port", "6379", "--protected-mode", "no")
    site.add("redis", ("redis-server", *where, "--save", "", "--appendonly", "no", "--dir", str(site.data)), PLAIN)
    site.wait_for_database()
    create = (str(programs / "createdb"), "-h", address, "-U", "finalcheck", "finalcheck")
    subprocess.run(create, check=True, capture_output=True)


def start_runners(site: Site) -> None:
    for number, name in enumerate(RUNNERS):
        where = ("--listen", f"{site.network.machines[name].address}:7443", "--keys", str(site.data / "runners" / name))
        size = ("--zygotes", "1", "--spares", "1", "--uid-base", str(20000 + 1000 * number))
        work = ("--work", str(site.data / f"work-{name}"))
        site.add(name, (sys.executable, "-m", "labs.runner", *where, *size, *work), {})


def prepare(site: Site, learners: int) -> None:
    site.python("manage.py", "migrate", "--verbosity", "0")
    site.python("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    site.python("manage.py", "course", "load", "content/deep-learning-with-tensorflow", "--if-safe")
    site.python("manage.py", "seed_demo", "--learners", str(learners), "--stage", "enrolled", "--seed", "7")


def start_programs(site: Site, name: str, environ: dict[str, str]) -> None:
    home = Path(environ["FINALCHECK_DATA"])
    home.mkdir(exist_ok=True)
    if name != "web1":
        (home / "static").symlink_to(site.data / "web1" / "static")
    address = Address(site.network.machines[name].address, 8000)
    if name.startswith("web"):
        empty_metrics(environ)
        program = web(address, environ)
        site.add(name, program.argv, program.environ)
        return
    (home / "runners").symlink_to(site.data / "runners")
    front = Address(site.network.machines["web1"].address, 8000)
    for program in (worker(environ), sweeper(front, environ)):
        site.add(name, program.argv, program.environ)


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > give_up_at:
            sys.exit("The site did not start in time.")
        time.sleep(0.2)


@dataclass(frozen=True)
class People:
    """What learners sign in with, and the lab in which they run code."""

    sessions: list[str]
    tokens: list[str]
    lab: str
    cell: str


def people_of(site: Site) -> People:
    sessions = json.loads(site.python("-m", "bench.rig.sessions", LEARNERS).splitlines()[-1])
    return People(sessions, **json.loads(site.python("-c", TOKENS, LEARNERS).splitlines()[-1]))
