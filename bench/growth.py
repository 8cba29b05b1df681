"""P3: what requests cost in a large course, against the same requests in a course with 100 learners, on PostgreSQL.

.venv/bin/python -m bench.growth [--learners 5000] [--rounds 5] [--seconds 1]

With --learners 100000 there are ten million attempts. That takes half an hour and 6 GB of disk.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from bench.rig.client import Browser
from bench.rig.learners import Answering, ReadingLessons, ReadingOutline, ReadingProgress, ReadingReview, Sitting
from bench.rig.load import Load, measure
from bench.rig.processes import pss_megabytes
from bench.rig.ratios import CLIENTS, Ratio, endless, failures
from bench.rig.results import Figure, Report
from bench.rig.servers import Server, postgresql, product, redis

MOST = 1.15  # times the processor time with 100 learners
PAGE_MS = 300.0  # processor time of a page of the gradebook
FEW = 100
ORIGINALS = {"graded": 2, "midterm": 2, "enrolled": 1}  # who is copied; together about 100 attempts each
NEW = 300  # learners who have not started, in both courses; each answers or sits the exam once
WORKPLACE = "/admin/courses/deep-learning-with-tensorflow/"
PATIENCE = 600  # seconds for the worker to compute the first overview, and for the file of all grades
TIDY = (
    "from django.db import connection; cursor = connection.cursor(); "
    "cursor.execute('SET statement_timeout = 0'); cursor.execute('VACUUM ANALYZE')"
)
COUNT = "from quizzes.models import Attempt; print(Attempt.objects.count())"


class Instructing:
    """An instructor who opens one page of the workplace again and again."""

    page = ""

    def __init__(self, port: int, sessions: Iterator[str]) -> None:
        self.browser = Browser(port)
        self.browser.cookies = {"sessionid": next(sessions)}

    async def begin(self) -> None:
        pass

    async def step(self) -> None:
        await self.browser.get(WORKPLACE + self.page)

    async def rest(self) -> None:
        pass


class OpeningGradebook(Instructing):
    page = "gradebook/"


KINDS = {
    "Check": (Answering, "new"),
    "autosave in an exam": (Sitting, "new"),
    "lesson": (ReadingLessons, "old"),
    "review page": (ReadingReview, "old"),
    "progress": (ReadingProgress, "old"),
    "outline": (ReadingOutline, "old"),
    "gradebook page": (OpeningGradebook, "instructor"),
    "dashboard": (Instructing, "instructor"),
}


class Course:
    """A server whose course has a number of learners with histories, and people who are signed in to it."""

    def __init__(self, server: Server, database: int, learners: int) -> None:
        self.server, self.database = server, database
        began = time.monotonic()
        for seed, (stage, number) in enumerate(ORIGINALS.items(), start=1):
            seed_demo(server, number, stage, seed, learners // sum(ORIGINALS.values()) - 1)
        seed_demo(server, NEW, "enrolled", 7, 0)
        server.python("manage.py", "shell", "-v", "0", "-c", TIDY)
        self.seconds = time.monotonic() - began
        self.sessions = {
            "new": endless(server.sessions("demo-7-")),
            "old": cycle(server.sessions("demo-1-1-1")),  # copies of one learner, who all have the same pages
            "instructor": cycle(server.sessions("instructor")),
        }

    def load(self, kind: str, seconds: float) -> Load:
        learner, people = KINDS[kind]
        clients = [learner(self.server.port, self.sessions[people]) for _ in range(CLIENTS)]
        return measure(clients, [*self.server.web(), self.database], seconds=seconds, warm_up=1)

    def get(self, page: str) -> str:
        browser = Browser(self.server.port)
        browser.cookies, browser.timeout = {"sessionid": next(self.sessions["instructor"])}, PATIENCE
        return asyncio.run(fetched(browser, WORKPLACE + page))

    def attempts(self) -> int:
        return int(self.server.python("manage.py", "shell", "-v", "0", "-c", COUNT))


def seed_demo(server: Server, learners: int, stage: str, seed: int, copies: int) -> None:
    numbers = ("--learners", str(learners), "--seed", str(seed), "--copies", str(copies))
    server.python("manage.py", "seed_demo", *numbers, "--stage", stage)


async def fetched(browser: Browser, path: str) -> str:
    return (await browser.get(path)).text


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    options = parser.parse_args()
    report = Report("growth", "P3", "Growth")
    with (
        postgresql() as database,
        redis() as one,
        redis() as two,
        product(database_url=database.url(), redis_url=one) as large,
        product(database_url=database.url("floor"), redis_url=two) as small,
    ):
        with ThreadPoolExecutor(2) as pool:  # one for each processor
            few, many = pool.map(Course, (small, large), [database.pid] * 2, (FEW, options.learners))
        report.note(described(many, options.learners))
        compare(report, many, few, options)
        report.add(file_memory(many, options.learners))
        report.note("How PostgreSQL finds rows in the large course:\n\n" + many.server.python("-m", "bench.rig.plans"))
    report.write()


def described(many: Course, learners: int) -> str:
    """Return what the large course holds, and whether a sample of its grades follows from the records."""
    verdict = many.server.python("manage.py", "verify_grades", "--sample", "1000").strip()
    return (
        f"The large course has {learners:,} learners with {many.attempts():,} attempts, and {NEW} who have not started; "
        f"making them took {many.seconds:.0f} s. "
        f"`manage.py verify_grades --sample 1000` said: {verdict}"
    )


def compare(report: Report, many: Course, few: Course, options: argparse.Namespace) -> None:
    wait_for_overview(many)
    loads_by_kind: dict[str, list[tuple[Load, Load]]] = {kind: [] for kind in KINDS}
    for _ in range(options.rounds):
        for kind, loads in loads_by_kind.items():
            loads.append((many.load(kind, options.seconds), few.load(kind, options.seconds)))
    ratios = {kind: Ratio(tuple(loads)) for kind, loads in loads_by_kind.items()}
    for kind, ratio in ratios.items():
        reference = f"{options.learners:,} learners {ratio.product_ms:.1f} ms, {FEW} learners {ratio.floor_ms:.1f} ms"
        report.add(Figure(kind, ratio.ratio, f"× the CPU with {FEW} learners", at_most=MOST, reference=reference))
    page = ratios["gradebook page"].product_ms
    report.add(Figure(f"gradebook page with {options.learners:,} learners", page, "ms of CPU", at_most=PAGE_MS))
    report.add(failures(ratios))


def wait_for_overview(course: Course) -> None:
    """Open the dashboard until the worker has computed the overview."""
    give_up_at = time.monotonic() + PATIENCE
    while "progress is computed in the" in course.get("") and time.monotonic() < give_up_at:
        time.sleep(2)


def file_memory(course: Course, learners: int) -> Figure:
    """Return by how much the web server's memory grew while it sent the grades of everyone as a file."""
    course.get("gradebook/?size=200")
    before = pss_megabytes(course.server.web())
    lines = course.get("gradebook/gradebook.csv").count("\n")
    grown = pss_megabytes(course.server.web()) - before
    return Figure("memory for the file of all grades", grown, "MB", at_most=10.0, reference=f"{lines:,} lines")


if __name__ == "__main__":
    main()
