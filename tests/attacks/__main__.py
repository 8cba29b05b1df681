"""python -m tests.attacks [--database postgresql] [--nginx] [ATTACK ...]: attack the product while learners sit an exam.

In each attack a learner saves five times a second and hands in at the end, and somebody signs in on a known device and
on a new one. Prints a table, and ends with status 1 if a save or a hand-in failed, or took longer than LIMITS.
"""

import argparse
import asyncio
import json
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.exam import LEARNERS, exam_of, missing
from bench.rig.client import Browser, Failed
from bench.rig.examinee import Examinee, Times
from bench.rig.learners import token_in
from bench.rig.processes import pss_megabytes
from bench.rig.servers import Server, folder, postgresql, product, redis
from tests.attacks.attackers import ATTACKS
from tests.nginx import nginx_in_front

PASSWORD = "finalcheck"
NEWCOMER = f"""
import django; django.setup()
from accounts.models import User
User.objects.create_user("newcomer", password="{PASSWORD}")
"""
SAVES_EVERY = 0.2  # seconds
CONNECTING = 3.0  # seconds in which attackers connect
HANDSHAKES = 5.0  # seconds more behind nginx: 4,000 handshakes take all processors of a small machine, most of it here
THROWAWAY = 60  # accounts of attackers
LIMITS = {"save": 1.0, "hand in": 2.0, "sign in on a known device": 1.0, "sign in on a new device": 2.0}
LIMITS_OF = {"forty of a hundred": {"sign in on a new device": 10.0}}
GUESSES = ("forty guesses", "forty of a hundred")  # in these, somebody's right password must still be accepted soon


@dataclass
class Outcome:
    """What the victims noticed of one attack, and what the attackers were told."""

    attack: str
    times: Times = field(default_factory=Times)
    told: dict[str, object] = field(default_factory=dict)
    megabytes: float = 0.0
    lost: list[str] = field(default_factory=list)  # what was acknowledged and is not stored

    def slowest(self, kind: str) -> float:
        return max(self.times.seconds.get(kind, [0.0]))

    def problems(self) -> list[str]:
        limits = {**LIMITS, **LIMITS_OF.get(self.attack, {})}
        slow = [
            f"{kind} took {self.slowest(kind):.1f} s of at most {limit:g} s"
            for kind, limit in limits.items()
            if self.slowest(kind) > limit and (not kind.startswith("sign in") or self.attack in GUESSES)
        ]
        return self.lost[:3] + self.times.failures[:3] + slow

    def row(self) -> str:
        kinds = " | ".join(f"{self.slowest(kind) * 1000:.0f}" for kind in LIMITS)
        saves, told = len(self.times.seconds["save"]), json.dumps(self.told)
        return f"| {self.attack} | {saves} | {kinds} | {self.megabytes:.0f} | {told} |"


class Site:
    """The product, with learners who wait for their exam and accounts of attackers."""

    def __init__(self, server: Server, front: int, certificate: Path | None = None) -> None:
        self.server, self.certificate = server, certificate
        self.front = front  # the port where the victims and the attackers connect
        sessions = server.sessions(LEARNERS)
        self.throwaway, self.learners = sessions[:THROWAWAY], iter(sessions[THROWAWAY:])
        self.exam = asyncio.run(exam_of(front, sessions[-1]))

    @property
    def handshakes(self) -> float:
        return HANDSHAKES if self.certificate else 0.0

    async def suffer(self, attack: str, seconds: float) -> Outcome:
        outcome, seconds = Outcome(attack), seconds + self.handshakes
        learner = Examinee(self.front, next(self.learners), self.exam, outcome.times)
        await learner.start()
        known = Browser(self.front)
        await known.post("/accounts/login/", await sign_in_form(known, "newcomer"), expect=302)
        attacking = await self.attack(attack, seconds)
        now = asyncio.get_running_loop().time
        ends_at = now() + seconds
        await asyncio.gather(
            self.save(learner, ends_at - 2.0),
            self.sign_in_on(known, outcome, ends_at - 2.0),
            self.weigh(outcome, ends_at),
        )
        known.close()
        learner.browser.close()
        output, _ = await attacking.communicate()
        outcome.told = json.loads(output)
        outcome.lost = await asyncio.to_thread(missing, self.server, [learner])
        return outcome

    async def save(self, learner: Examinee, ends_at: float) -> None:
        """Save until the time is over, then hand in, while the attack goes on."""
        try:
            await learner.work(ends_at, SAVES_EVERY)
            await learner.hand_in()
        except Failed:
            pass  # it is among the failures

    async def sign_in_on(self, known: Browser, outcome: Outcome, ends_at: float) -> None:
        now = asyncio.get_running_loop().time
        await asyncio.sleep(CONNECTING + self.handshakes)
        while now() < ends_at:
            known.cookies = {name: value for name, value in known.cookies.items() if name.endswith("known_device")}
            new = Browser(self.front)
            for browser, kind in ((known, "known"), (new, "new")):
                try:
                    form = await sign_in_form(browser, "newcomer")
                    with outcome.times.of(f"sign in on a {kind} device"):
                        await browser.post("/accounts/login/", form, expect=302)
                except Failed:
                    pass  # it is among the failures
            new.close()
            await asyncio.sleep(0.5)

    async def weigh(self, outcome: Outcome, ends_at: float) -> None:
        """Note the most memory that the web server takes."""
        now = asyncio.get_running_loop().time
        while now() < ends_at:
            outcome.megabytes = max(outcome.megabytes, pss_megabytes(self.server.web()))
            await asyncio.sleep(1)

    async def attack(self, name: str, seconds: float) -> asyncio.subprocess.Process:
        runs = [await self.waiting_run(session) for session in self.throwaway] if name == "streams" else []
        plan = {"attack": name, "port": self.front, "seconds": seconds, "runs": runs}
        plan |= {"certificate": str(self.certificate or "")}
        command = (sys.executable, "-m", "tests.attacks.attackers", json.dumps(plan))
        return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)

    async def waiting_run(self, session: str) -> tuple[str, str]:
        """Order a run, which waits because there is no runner, and return the session and the run's id."""
        browser = Browser(self.front)
        browser.sign_in(session)
        page = (await browser.get("/settings/")).text
        browser.headers = {"Content-Type": "application/json", "X-CSRFToken": token_in(page)}
        answer = await browser.request("POST", "/api/v1/runs/", 202, b'{"code": "1", "runtime": "tf2"}')
        browser.close()
        return session, str(json.loads(answer.body)["id"])


async def sign_in_form(browser: Browser, name: str) -> dict[str, str]:
    """Load the form, and return what a person sends with it."""
    page = (await browser.get("/accounts/login/")).text
    return {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": token_in(page)}


def seed(server: Server, learners: int) -> None:
    """Make accounts of learners and attackers, and one with a password."""
    number = str(learners + THROWAWAY)
    server.python("manage.py", "seed_demo", "--learners", number, "--stage", "enrolled", "--seed", "7")
    server.python("-c", NEWCOMER)


@contextmanager
def started(database: str, learners: int, *, behind_nginx: bool) -> Iterator[Site]:
    """Start the product with so many learners, on SQLite or on PostgreSQL with two web processes."""
    with ExitStack() as stack:
        kept: dict[str, Any] = {"data": stack.enter_context(folder())}
        if database == "postgresql":
            kept |= {"database_url": stack.enter_context(postgresql()).url(), "redis_url": stack.enter_context(redis())}
        with product(**kept) as server:
            seed(server, learners)
            if not behind_nginx:
                yield Site(server, server.port)
                return
        nginx = stack.enter_context(nginx_in_front())
        server = stack.enter_context(product(**kept, port=nginx.web, public=nginx.public))
        Browser.tls = ssl.create_default_context(cafile=str(nginx.certificate))
        yield Site(server, nginx.https, nginx.certificate)


def attacked(database: str, attacks: list[str], seconds: float, *, behind_nginx: bool = False) -> Iterator[Outcome]:
    with started(database, len(attacks) + 1, behind_nginx=behind_nginx) as site:
        for attack in attacks:
            yield asyncio.run(site.suffer(attack, seconds))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("attacks", nargs="*", default=list(ATTACKS), metavar="ATTACK")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--nginx", action="store_true", help="put nginx in front, with the configuration of deploy/nginx"
    )
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--figures", type=Path)
    asked = parser.parse_args()
    began, outcomes = time.monotonic(), []
    print("| attack | saves | " + " | ".join(f"{kind}, ms" for kind in LIMITS) + " | memory, MB | attackers |")
    print("|---" * (len(LIMITS) + 4) + "|", flush=True)
    for outcome in attacked(asked.database, asked.attacks, asked.seconds, behind_nginx=asked.nginx):
        outcomes.append(outcome)
        print(outcome.row(), flush=True)
    problems = [f"{each.attack}: {problem}" for each in outcomes for problem in each.problems()]
    print(*problems, f"{time.monotonic() - began:.0f} s", sep="\n")
    if asked.figures:
        write(asked.figures, f"{asked.database}{' behind nginx' if asked.nginx else ''}", outcomes)
    sys.exit(1 if problems else 0)


def write(path: Path, database: str, outcomes: list[Outcome]) -> None:
    """Add an object with the slowest of each kind to the file of figures."""
    found = {"database": database}
    for each in outcomes:
        slowest = ", ".join(f"{kind} {each.slowest(kind):.2f} s" for kind in LIMITS if each.slowest(kind))
        found[each.attack] = f"{len(each.times.seconds['save'])} saves; slowest {slowest}; {each.megabytes:.0f} MB"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
