"""python -m tests.topology: two web hosts, two workers, two runner hosts, PostgreSQL and Redis on separate machines.
Learners sit an exam and run code while each part in turn is killed, cut off or slowed. Then the site is upgraded, one machine
after another.

    python -m tests.topology [--learners 50] [--figures FILE]

Prints a table, and ends with status 1 unless every acknowledged answer is stored, every run ended with a verdict, pages
came back in time, and no request failed during the upgrade.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from bench.exam import exam_of
from bench.rig.client import Browser, Failed
from bench.rig.examinee import Times
from tests.topology.learners import LabWork, Steadfast
from tests.topology.network import network
from tests.topology.release import COUNTED, NEXT_PROTOCOL, SPOKEN, make_next_release
from tests.topology.site import MACHINES, RUNNERS, People, Site, people_of, running_site

LONGEST_WITHOUT_PAGES = 10.0  # seconds, from the fault, or from the return of PostgreSQL
AWAY, CUT_OFF, SLOW = 3.0, 16.0, 8.0  # seconds until a killed part starts again, of a cut cable, of a slow machine
SETTLING, LOOK = 6.0, 0.25  # seconds of quiet between two faults, between two pages
LAST_VERDICTS = 180.0
FAULTS = [
    (name, how) for how in ("killed", "cut off", "slowed") for name in ("web1", "worker1", "b", "redis", "postgresql")
]
UPGRADED = ("web1", "web2", "worker1", "worker2")  # one after another, then the runner hosts
PRACTICING = 6  # learners who also run code in a lab


@dataclass
class Row:
    """What one fault did to learners."""

    name: str
    how: str
    without_pages: float
    saves: int
    runs: int


@dataclass
class Prober:
    """Opens a page four times a second, and knows when one was last served."""

    port: int
    session: str
    served: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    async def look_forever(self) -> None:
        while True:
            browser = Browser(self.port)
            browser.sign_in(self.session)
            try:
                async with asyncio.timeout(5):
                    await browser.get("/courses/deep-learning-with-tensorflow/")
                self.served.append(time.monotonic())
            except Failed as problem:
                self.failures.append(str(problem))
            except TimeoutError:
                pass  # only slow, which shows in the gaps
            finally:
                browser.close()
            await asyncio.sleep(LOOK)

    def longest_gap(self, began: float, ended: float) -> float:
        """Return the longest stretch between two pages that were served, within these two times."""
        times = [began, *(at for at in self.served if began <= at <= ended), ended]
        return max(later - earlier for earlier, later in pairwise(times))


@dataclass
class Scenario:
    site: Site
    people: People
    faults: list[tuple[str, str]]
    rows: list[Row] = field(default_factory=list)
    upgrade: dict[str, object] = field(default_factory=dict)

    async def play(self) -> dict[str, object]:
        self.port = self.site.proxy.port
        Browser.tls = self.site.proxy.trusting
        exam = await self.until_it_works()
        self.times, is_over = Times(), asyncio.Event()
        self.examinees = [Steadfast(self.port, session, exam, self.times) for session in self.people.sessions]
        tokens = self.people.tokens[:PRACTICING]
        self.labs = [LabWork(self.port, token, self.people.lab, self.people.cell) for token in tokens]
        prober = Prober(self.port, self.people.sessions[0])
        looking = asyncio.create_task(prober.look_forever())
        for each in self.examinees:
            await each.start()
        work = [asyncio.create_task(each.work_until(is_over)) for each in (*self.examinees, *self.labs)]
        await asyncio.sleep(SETTLING)
        for name, how in self.faults:
            await self.suffer(name, how, prober)
        await self.upgrade_all(prober)
        is_over.set()
        await asyncio.gather(*work)
        looking.cancel()
        await self.wait_for_verdicts()
        await asyncio.gather(*(each.insist_on_handing_in() for each in self.examinees))
        return self.figures()

    async def until_it_works(self) -> str:
        """Wait until pages are served and a run has ended. Return the address of the exam."""
        give_up_at = time.monotonic() + 240
        while True:
            try:
                exam = await exam_of(self.port, self.people.sessions[0])
                first = LabWork(self.port, self.people.tokens[0], self.people.lab, self.people.cell)
                await first.click()
            except Failed as problem:
                if time.monotonic() > give_up_at:
                    sys.exit(f"The site did not start in time: {problem}")
                await asyncio.sleep(1)
            else:
                return exam

    async def suffer(self, name: str, how: str, prober: Prober) -> None:
        before = self.counts()
        began = time.monotonic()
        if how == "killed":
            self.site.kill(name)
            await asyncio.sleep(AWAY)
            self.site.start_again(name)
        elif how == "cut off":
            self.site.cut_off(name)
            await asyncio.sleep(CUT_OFF)
            self.site.join_again(name)
        else:
            await asyncio.to_thread(self.site.slow_down, name, SLOW)
        if name == "postgresql":  # nothing can be served without it
            await asyncio.to_thread(self.site.wait_for_database)
            began = time.monotonic()
        await asyncio.sleep(LONGEST_WITHOUT_PAGES + SETTLING)
        gap = prober.longest_gap(began, time.monotonic())
        saves, runs = (after - earlier for after, earlier in zip(self.counts(), before, strict=True))
        self.rows.append(Row(name, how, gap, saves, runs))
        print(f"{name:<11} {how:<8} {gap:5.1f} s without pages, {saves} saves, {runs} verdicts", flush=True)

    async def upgrade_all(self, prober: Prober) -> None:
        """Migrate the database while the old version serves, then upgrade one machine after another."""
        release = await asyncio.to_thread(make_next_release, self.site.data / "next", self.site.environ)
        errors, failed, (saves, runs) = self.site.proxy.server_errors(), self.failed(prober), self.counts()
        logged = self.site.proxy.log.stat().st_size
        began = time.monotonic()
        await asyncio.to_thread(self.site.python, "manage.py", "migrate", "--verbosity", "0", release=release)
        await asyncio.to_thread(self.site.python, "manage.py", "collectstatic", "--noinput", release=release)
        migrated_at = datetime.now(UTC)
        for name in UPGRADED:
            await asyncio.sleep(SETTLING)
            before = time.monotonic()
            await asyncio.to_thread(self.site.upgrade, name, release)
            gap = prober.longest_gap(before, time.monotonic())
            print(f"{name:<11} upgraded {gap:5.1f} s without pages", flush=True)
        hosts = await self.upgrade_runners(release)
        await asyncio.to_thread(self.site.python, "manage.py", "prepare", release=release)
        await asyncio.sleep(SETTLING)
        problems = list((self.failed(prober) - failed).elements())
        if problems:
            print("\n".join(problems), self.site.proxy.log.read_bytes()[logged:].decode(), sep="\n")
        counted = self.site.python("-c", COUNTED, migrated_at.isoformat()).splitlines()[-1]
        written = {"old": 0, "new": 0, **json.loads(counted)}
        self.upgrade = {
            "upgrade: requests with status 5xx": self.site.proxy.server_errors() - errors,
            "upgrade: requests that failed": len(problems),
            "upgrade: saves": self.counts()[0] - saves,
            "upgrade: verdicts": self.counts()[1] - runs,
            "upgrade: runs ordered by the old version on the new tables": written["old"],
            "upgrade: runs ordered by the new version": written["new"],
            **hosts,
            "upgrade: seconds without pages": round(prober.longest_gap(began, time.monotonic()), 1),
        }

    async def upgrade_runners(self, release: Path) -> dict[str, object]:
        """Drain, upgrade and resume one runner host after another, while learners go on running code."""
        verdicts, broken, moved = self.counts()[1], self.broken(), 0
        for name in RUNNERS:
            began = time.monotonic()
            moved += await asyncio.to_thread(self.site.upgrade_runner, name, release)
            print(f"{name:<11} upgraded {time.monotonic() - began:5.1f} s for the runner host", flush=True)
            await asyncio.sleep(SETTLING)
        spoken = await asyncio.to_thread(self.site.python, "-c", SPOKEN, release=release)
        return {
            "upgrade of runner hosts: sessions that moved": moved,
            "upgrade of runner hosts: verdicts": self.counts()[1] - verdicts,
            "upgrade of runner hosts: runs that broke": self.broken() - broken,
            "upgrade of runner hosts: new versions of the protocol": " ".join(spoken.split()),
        }

    def broken(self) -> int:
        return sum(verdict == "broken" for lab in self.labs for verdict, _ in lab.verdicts.values())

    def failed(self, prober: Prober) -> Counter[str]:
        """Return the requests that got no response or a server error; a refusal is a response."""
        found = [*self.times.failures, *prober.failures, *(problem for lab in self.labs for problem in lab.failures)]
        return Counter(problem for problem in found if "status 4" not in problem)

    def counts(self) -> tuple[int, int]:
        return sum(each.acknowledged for each in self.examinees), sum(len(each.verdicts) for each in self.labs)

    async def wait_for_verdicts(self) -> None:
        give_up_at = time.monotonic() + LAST_VERDICTS
        for lab in self.labs:
            for run in lab.ordered:
                while run not in lab.verdicts and time.monotonic() < give_up_at:
                    with suppress(Failed):
                        await lab.look(run)
                    await asyncio.sleep(0.2)

    def figures(self) -> dict[str, object]:
        verdicts = Counter(verdict for lab in self.labs for verdict, _ in lab.verdicts.values())
        ordered = sum(len(lab.ordered) for lab in self.labs)
        lost = self.lost_answers()
        for problem in lost:
            print(problem)
        return {
            "machines": (self.site.network.reason and f"loopback addresses ({self.site.network.reason})")
            or "8 network namespaces",
            "learners": len(self.examinees),
            "faults": len(self.rows),
            "acknowledged answers": self.counts()[0],
            "acknowledged answers lost": len(lost),
            "runs": ordered,
            "runs without a verdict": ordered - sum(verdicts.values()),
            **{f"runs that {verdict}": count for verdict, count in sorted(verdicts.items())},
            "longest wait for a verdict, seconds": round(max(lab.longest for lab in self.labs), 1),
            **{f"{row.name} {row.how}: seconds without pages": round(row.without_pages, 1) for row in self.rows},
            **self.upgrade,
        }

    def lost_answers(self) -> list[str]:
        """Compare what learners saw acknowledged with the records, from which the scores must follow, too."""
        facts = [{"learner": each.learner, "saved": each.saved} for each in self.examinees]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(facts, file)
            file.flush()
            found: list[str] = json.loads(self.site.python("-m", "bench.rig.exam_records", file.name).splitlines()[-1])
        self.site.python("manage.py", "verify_grades")
        return found


def is_kept(figures: dict[str, object]) -> bool:
    """Return whether nothing was lost, pages came back in time, and no request failed during the upgrade."""
    gaps = [value for name, value in figures.items() if name.endswith("seconds without pages")]
    nothing_lost = (figures["acknowledged answers lost"], figures["runs without a verdict"]) == (0, 0)
    failed = (figures["upgrade: requests with status 5xx"], figures["upgrade: requests that failed"])
    both = (
        figures["upgrade: runs ordered by the old version on the new tables"]
        and figures["upgrade: runs ordered by the new version"]
    )
    broken, moved, spoken = (
        figures[f"upgrade of runner hosts: {name}"]
        for name in ("runs that broke", "sessions that moved", "new versions of the protocol")
    )
    are_new = broken == 0 and bool(moved) and spoken == " ".join([str(NEXT_PROTOCOL)] * len(RUNNERS))
    return nothing_lost and failed == (0, 0) and bool(both) and are_new and max(gaps) <= LONGEST_WITHOUT_PAGES


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=50)
    parser.add_argument(
        "--only", help="a part of the name of the faults to try, such as web1 or killed; 'none' only upgrades"
    )
    parser.add_argument("--figures", type=Path, help="a file to which the figures are written as JSON")
    asked = parser.parse_args()
    with network(*MACHINES) as found:
        if found.reason:
            print(f"The machines have loopback addresses, because namespaces cannot be made: {found.reason}")
        with running_site(found, asked.learners) as site:
            faults = [fault for fault in FAULTS if not asked.only or asked.only in " ".join(fault)]
            figures = asyncio.run(Scenario(site, people_of(site), faults).play())
    width = max(map(len, figures))
    print("\n".join(f"{name:<{width}}  {value}" for name, value in figures.items()))
    if asked.figures:
        asked.figures.parent.mkdir(parents=True, exist_ok=True)
        asked.figures.write_text(json.dumps(figures))
    sys.exit(not is_kept(figures))


if __name__ == "__main__":
    main()
