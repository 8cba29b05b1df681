"""python -m tests.topology.previous: the code of the last release and today's code side by side, on today's tables.

Two web hosts of the last release are behind the proxy, and learners sit the exam. Then today's code migrates the
database, one host is upgraded, each learner saves at both hosts in turn, and the other host follows.

Prints a table, and ends with status 1 unless every acknowledged answer is stored and no request failed.
"""

import argparse
import asyncio
import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.exam import exam_of
from bench.rig.client import Browser
from bench.rig.examinee import Times
from bench.rig.ports import free_port
from bench.rig.servers import NO_RUNNER, PLAIN, folder, postgresql, redis
from config.up.address import Address
from config.up.greeting import is_healthy
from tests.laws.released import releases, revision_of
from tests.old_code import FOLDER, TODAY, NotHere, Release, release_at
from tests.topology.__main__ import Prober
from tests.topology.learners import Steadfast
from tests.topology.network import Machine
from tests.topology.proxy import HOST, Proxy
from tests.topology.site import LEARNERS, ON_THE_WAY, Part, until

LAST = list(releases())[-1]
LOGS = FOLDER / f"logs-{LAST}"
PLACE = "127.0.0.1"
HOSTS = ("web1", "web2")
PHASE = 8.0  # seconds of work between two steps of the upgrade
COURSE = "content/deep-learning-with-tensorflow"


def part(release: Release, name: str, environ: Mapping[str, str], log: Path, *command: str) -> Part:
    return Part(Machine(name, PLACE), (sys.executable, *command), release.environ(environ), log, release.code)


def serving(release: Release, port: int) -> tuple[str, ...]:
    """Return the arguments of Python that serve pages. Releases up to 0.9.0 have Granian do it."""
    where = ("--host", PLACE, "--port", str(port), "--workers", "2")
    if (release.code / "config" / "server").exists():
        return ("-m", "config.server", *where)
    granian = ("-m", "granian", "--interface", "asginl", "--no-ws", "--respawn-failed-workers")
    return (*granian, *where, "config.asgi:application")


def last_release() -> Release:
    """Return the code of the last release. Raises NotHere."""
    return release_at(revision_of(LAST))


class Wanderer(Steadfast):
    """A learner that the proxy sends to another host for each save, so that both versions see the same exam."""

    async def save(self) -> None:
        self.browser.cookies.pop("host", None)
        await super().save()


@dataclass
class Upgrade:
    """The site, first with the code of the last release. `public` is the environment of its programs."""

    old: Release
    data: Path
    own: dict[str, str]
    proxy: Proxy
    ports: dict[str, int]
    learners: int
    parts: dict[str, Part] = field(default_factory=dict)
    figures: dict[str, object] = field(default_factory=dict)

    @property
    def demo(self) -> dict[str, str]:
        return {**self.own, "FINALCHECK_DATA": str(self.data / HOSTS[0]), "FINALCHECK_DEMO": "1"}

    def public(self, name: str) -> dict[str, str]:
        found = {**self.own, "FINALCHECK_PUBLIC_URL": f"https://{HOST}:{self.proxy.port}", "FINALCHECK_PROXY": "1"}
        counted = {"PROMETHEUS_MULTIPROC_DIR": str(self.data / name / "metrics")}
        return {**found, **counted, "FINALCHECK_DATA": str(self.data / name)}

    def start(self, release: Release, name: str) -> None:
        if name in self.parts:
            self.parts[name].stop()
        command = serving(release, self.ports[name]) if name in HOSTS else ("manage.py", "sweep")
        self.parts[name] = part(release, name, self.public(name), self.data / f"{name}.log", *command)
        self.parts[name].start()
        if name in HOSTS:
            until(lambda: is_healthy(Address(PLACE, self.ports[name])))

    def prepare(self) -> list[str]:
        """Make the site of the last release, with learners. Return their sessions."""
        for name in self.ports:
            (self.data / name / "metrics").mkdir(parents=True)
        (self.data / HOSTS[1] / "static").symlink_to(self.data / HOSTS[0] / "static")
        self.old.python(self.demo, "manage.py", "migrate", "--verbosity", "0")
        self.old.python(self.demo, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        self.old.python(self.demo, "manage.py", "course", "load", COURSE, "--if-safe")
        people = ("--learners", str(self.learners), "--stage", "enrolled", "--seed", "7")
        self.old.python(self.demo, "manage.py", "seed_demo", *people)
        for name in self.ports:
            self.start(self.old, name)
        return json.loads(self.old.python(self.demo, "-m", "bench.rig.sessions", LEARNERS).splitlines()[-1])

    async def play(self, sessions: list[str]) -> None:
        Browser.tls, Browser.prefix = self.proxy.trusting, ""  # the cookies of 0.9.0 had no prefix
        times, port = Times(), self.proxy.port
        exam = await exam_of(port, sessions[0])
        people = [Wanderer(port, session, exam, times) for session in sessions]
        early, late = people[: len(people) // 2], people[len(people) // 2 :]
        prober = Prober(port, sessions[0])
        looking = asyncio.create_task(prober.look_forever())
        for each in people:
            await each.start()
        ends = {False: asyncio.Event(), True: asyncio.Event()}
        work = {True: [], False: []}
        for each in people:
            work[each in early].append(asyncio.create_task(each.work_until(ends[each in early])))
        await self.phase("the last release alone", people)
        for step in (("migrate", "--verbosity", "0"), ("collectstatic", "--noinput", "--verbosity", "0")):
            await asyncio.to_thread(TODAY.python, self.demo, "manage.py", *step)
        await self.phase("the last release on today's tables", people)
        await asyncio.to_thread(self.replace, HOSTS[0])
        before = {name: self.proxy.answered(name) for name in HOSTS}
        await self.phase("both side by side", people)
        ends[True].set()
        await asyncio.gather(*work[True])
        await asyncio.gather(*(each.insist_on_handing_in() for each in early))
        answered = {name: self.proxy.answered(name) - before[name] for name in HOSTS}
        await asyncio.to_thread(self.replace, HOSTS[1])
        await asyncio.to_thread(self.start, TODAY, "sweeper")
        await asyncio.to_thread(TODAY.python, self.demo, "manage.py", "prepare")
        await self.phase("today's code alone", people)
        ends[False].set()
        await asyncio.gather(*work[False])
        await asyncio.gather(*(each.insist_on_handing_in() for each in late))
        looking.cancel()
        failed = [*times.failures, *prober.failures]
        print("\n".join(failed))
        lost = self.lost_answers(people)
        print("\n".join(lost))
        self.figures |= {
            "requests beside the other version, answered by the last release": answered[HOSTS[1]],
            "requests beside the other version, answered by today's code": answered[HOSTS[0]],
            "acknowledged answers": sum(each.acknowledged for each in people),
            "acknowledged answers lost": len(lost),
            "exams handed in beside the other version": len(early),
            "requests that failed": len(failed),
            "requests with status 5xx": self.proxy.server_errors(),
        }

    async def phase(self, name: str, people: list[Wanderer]) -> None:
        """Let learners work for a while, and count their saves."""
        before = sum(each.acknowledged for each in people)
        await asyncio.sleep(PHASE)
        self.figures[f"saves: {name}"] = sum(each.acknowledged for each in people) - before

    def replace(self, name: str) -> None:
        """Upgrade a web host, as docs/upgrading.md says."""
        self.proxy.take_out(name)
        time.sleep(ON_THE_WAY)
        self.start(TODAY, name)
        self.proxy.put_back(name)

    def keep_logs(self) -> None:
        """Copy what the programs logged to a folder that outlives the site."""
        for log in (*self.data.glob("*.log"), *self.data.glob("*/log/*.log")):
            kept = LOGS / log.relative_to(self.data)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, kept)
        print(f"The logs are in {LOGS}.")

    def lost_answers(self, people: list[Wanderer]) -> list[str]:
        facts = self.data / "facts.json"
        facts.write_text(json.dumps([{"learner": each.learner, "saved": each.saved} for each in people]))
        found: list[str] = json.loads(
            TODAY.python(self.demo, "-m", "bench.rig.exam_records", str(facts)).splitlines()[-1]
        )
        TODAY.python(self.demo, "manage.py", "verify_grades")
        return found


@contextmanager
def site_of(old: Release, learners: int) -> Iterator[Upgrade]:
    with ExitStack() as stack:
        data, database, queue = (stack.enter_context(each) for each in (folder(), postgresql(), redis()))
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_RUNNER_SOCKET": NO_RUNNER}
        environ |= {"FINALCHECK_DATABASE_URL": database.url(), "FINALCHECK_REDIS_URL": queue}
        environ["FINALCHECK_SECRET_KEY"] = secrets.token_urlsafe(64)
        ports = {name: free_port() for name in (*HOSTS, "sweeper")}
        proxy = Proxy(data / "proxy", free_port(), {name: (PLACE, ports[name]) for name in HOSTS})
        stack.callback(proxy.end)
        found = Upgrade(old, data, environ, proxy, ports, learners)
        stack.callback(lambda: [part.end() for part in found.parts.values()])
        yield found


def is_kept(figures: Mapping[str, object]) -> bool:
    """Return whether nothing was lost, no request failed, and both versions had answered beside each other."""
    faults = ("acknowledged answers lost", "requests that failed", "requests with status 5xx")
    work = [value for name, value in figures.items() if name.startswith(("saves: ", "requests beside"))]
    return not any(figures[name] for name in faults) and all(work)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=24)
    parser.add_argument("--figures", type=Path, help="a file to which the figures are written as JSON")
    asked = parser.parse_args()
    try:
        old = last_release()
    except NotHere as reason:
        sys.exit(f"The code of {LAST} cannot run here: {reason}.")
    with site_of(old, asked.learners) as site:
        asyncio.run(site.play(site.prepare()))
        if not is_kept(site.figures):
            site.keep_logs()
    width = max(map(len, site.figures))
    print("\n".join(f"{name:<{width}}  {value}" for name, value in site.figures.items()))
    if asked.figures:
        asked.figures.parent.mkdir(parents=True, exist_ok=True)
        asked.figures.write_text(json.dumps(site.figures))
    sys.exit(not is_kept(site.figures))


if __name__ == "__main__":
    main()
