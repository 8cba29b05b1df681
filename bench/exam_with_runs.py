"""P6: saves in an exam while two learners use all of the processor and a third takes all the memory that a run may have.

    .venv/bin/python -m bench.exam_with_runs [--learners 20] [--seconds 20]

The site runs on SQLite and local queues, as in `make run`, and then on PostgreSQL and Redis. Each examinee saves about
once a second. The same saves without runs are the reference.
"""

import argparse
import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from bench.rig.lab_site import Site
from bench.rig.learners import Sitting
from bench.rig.load import Load, measure
from bench.rig.results import Figure, Report
from bench.rig.servers import Server, postgresql, product, redis

SLOWEST = 500.0  # milliseconds for the 95th percentile of a save
SPIN = "while True:\n    pass"
BOMB = "kept = []\nwhile True:\n    kept.append(bytearray(b'x' * (16 << 20)))"
ATTACKS = (SPIN, SPIN, BOMB)
LEARNERS, ATTACKERS = "demo-7-", "demo-8-"
TOKENS = f"""
from django.contrib.auth import get_user_model
from django.utils import timezone
from accounts.services import create_token
for user in get_user_model().objects.filter(username__startswith="{ATTACKERS}"):
    print(create_token(user=user, now=timezone.now())[1])
"""


class Examinee(Sitting):
    """Saves a draft about once a second, as a class does together."""

    async def rest(self) -> None:
        await asyncio.sleep(random.uniform(0.5, 1.5))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    report = Report("exam_with_runs", "P6", "An exam beside runs that take all they can get")
    for name, on_postgresql in (("SQLite", False), ("PostgreSQL and Redis", True)):
        with ExitStack() as stack:
            report.add(*figures(name, started(stack, on_postgresql=on_postgresql), options.learners, options.seconds))
    report.note(
        "Two learners run an endless loop, a third fills a list until the run is ended for its memory. Whoever’s run has "
        "ended starts the next one at once."
    )
    report.write()


def started(stack: ExitStack, *, on_postgresql: bool) -> Server:
    if not on_postgresql:
        return stack.enter_context(product(with_runner=True))
    database, redis_url = stack.enter_context(postgresql()), stack.enter_context(redis())
    return stack.enter_context(product(database_url=database.url(), redis_url=redis_url, with_runner=True))


def figures(name: str, server: Server, learners: int, seconds: float) -> list[Figure]:
    for number, many in (("7", 2 * learners), ("8", len(ATTACKS))):
        server.python("manage.py", "seed_demo", "--learners", str(many), "--stage", "enrolled", "--seed", number)
    sessions = iter(server.sessions(LEARNERS))
    quiet = saves(server, sessions, learners, seconds)
    with attackers(server) as ended:
        busy = saves(server, sessions, learners, seconds)
    runs = ", ".join(f"{many} {verdict}" for verdict, many in sorted(ended.items()))
    slow = f"{quiet.milliseconds(0.95):.0f} ms without runs"
    problems = [*quiet.failures, *busy.failures]
    return [
        Figure(f"{name}: save, p95", busy.milliseconds(0.95), "ms", at_most=SLOWEST, reference=slow),
        Figure(f"{name}: saves", len(busy.latencies), "", reference=f"runs beside them: {runs}"),
        Figure(f"{name}: saves that failed", len(problems), "", at_most=0, reference="; ".join(problems[:1])),
    ]


def saves(server: Server, sessions: Iterator[str], learners: int, seconds: float) -> Load:
    examinees = [Examinee(server.port, sessions) for _ in range(learners)]
    return measure(examinees, server.web(), seconds=seconds)


@contextmanager
def attackers(server: Server) -> Iterator[Counter[str]]:
    """Let the attackers work from the first started run to the end of the block. Yields how their runs end, by verdict."""
    tokens = server.python("manage.py", "shell", "-v", "0", "-c", TOKENS).split()
    sites = [Site(server.port, token, "") for token in tokens]
    over, ended = threading.Event(), Counter[str]()
    with ThreadPoolExecutor(len(ATTACKS)) as people:
        going: list[Future[None]] = []
        try:
            for site, code in zip(sites, ATTACKS, strict=True):
                going.append(people.submit(attack, site, code, over, ended))
            yield ended
        finally:
            over.set()
        for future in going:
            future.result()


def attack(site: Site, code: str, over: threading.Event, ended: Counter[str]) -> None:
    """Run the code again and again until it is `over`, then stop the last run."""
    while not over.is_set():
        run = site.run("/api/v1/runs/", {"code": code, "runtime": "tf2"})
        while not over.wait(0.5) and site.ask("GET", f"/api/v1/runs/{run}/")["state"] != "finished":
            pass
        if over.is_set():
            site.ask("POST", f"/api/v1/runs/{run}/stop/")
            site.wait_for(run)
        ended[site.ask("GET", f"/api/v1/runs/{run}/")["verdict"]] += 1
    site.connection.close()


if __name__ == "__main__":
    main()
