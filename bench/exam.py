"""P4: a class starts its exam within a minute, saves a response every 30 seconds, and hands in within ten seconds.

    .venv/bin/python -m bench.exam [--learners 500] [--on-sqlite 100] [--working 35]

500 learners on PostgreSQL and Redis, then 100 on SQLite. Each does what a browser does: the requests of the pages and of
their scripts, one after another on one connection. Afterwards the database is compared with what every learner saw
acknowledged, and with what `verify_grades` computes.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass

from bench.rig.client import Failed
from bench.rig.examinee import Examinee, Times
from bench.rig.learners import Learner, Sitting
from bench.rig.processes import cpu_seconds
from bench.rig.results import PROJECT, Figure, Report
from bench.rig.servers import Server, postgresql, product, redis

STARTING, SAVING, HANDING_IN = 60.0, 30.0, 10.0  # seconds
SLOWEST = 2000.0  # milliseconds for the 99th percentile of any kind of request
LEARNERS = "demo-7-"


@dataclass(frozen=True)
class ExamLoad:
    """The outcome: requests by kind, the server's processor time, and what the database lacks afterward."""

    times: Times
    seconds: float
    cpu: float
    missing: list[str]

    @property
    def requests(self) -> int:
        return sum(map(len, self.times.seconds.values()))

    @property
    def saves(self) -> int:
        return len(self.times.seconds["save"])

    def rows(self) -> list[str]:
        """Return a Markdown table of the latencies by kind of request."""
        head = ["| request | number | p50 ms | p95 ms | p99 ms | longest ms |", "|---|---|---|---|---|---|"]
        return head + [
            f"| {kind} | {len(times)} | "
            + " | ".join(f"{at(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1))
            + " |"
            for kind, times in self.times.seconds.items()
        ]

    def slowest(self) -> tuple[float, str]:
        """Return the highest 99th percentile of any kind of request in milliseconds, and the kind."""
        return max((at(times, 0.99), kind) for kind, times in self.times.seconds.items())


def at(seconds: list[float], share: float) -> float:
    """Return the milliseconds that this share of the times does not exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)] * 1000


def measure_exam(server: Server, learners: int, working: float, database: tuple[int, ...] = ()) -> ExamLoad:
    server.python("manage.py", "seed_demo", "--learners", str(learners), "--stage", "enrolled", "--seed", "7")
    sessions = server.sessions(LEARNERS)
    pids = [*server.web(), *database]
    before, began = cpu_seconds(pids), time.monotonic()
    examinees, times = asyncio.run(sit(server.port, sessions, working))
    seconds, cpu = time.monotonic() - began, cpu_seconds(pids) - before
    return ExamLoad(times, seconds, cpu, missing(server, examinees))


async def sit(port: int, sessions: list[str], working: float) -> tuple[list[Examinee], Times]:
    exam, times = await exam_of(port, sessions[0]), Times()
    examinees = [Examinee(port, session, exam, times) for session in sessions]
    began = asyncio.get_running_loop().time()
    ends_at = began + STARTING + working
    shares = [number / len(sessions) for number in range(len(sessions))]
    plans = [(began + STARTING * share, ends_at + HANDING_IN * share) for share in shares]
    exams = (whole_exam(examinee, *plan) for examinee, plan in zip(examinees, plans, strict=True))
    await asyncio.gather(*exams)
    return examinees, times


async def exam_of(port: int, session: str) -> str:
    """Return the address of the course's exam."""
    learner = Sitting(port, iter([session]))
    await Learner.begin(learner)
    exam, _ = await learner.find_exam()
    learner.browser.close()
    return exam


async def whole_exam(examinee: Examinee, starts_at: float, hands_in_at: float) -> None:
    """Sit the exam. A learner whose Start or handing in fails stops there; the records then show it."""
    await asyncio.sleep(starts_at - asyncio.get_running_loop().time())
    with suppress(Failed):
        await examinee.start()
        await examinee.work(hands_in_at, SAVING)
        await examinee.hand_in()


def missing(server: Server, examinees: list[Examinee]) -> list[str]:
    """Return what the database lacks of what the examinees saw acknowledged, and what `verify_grades` finds."""
    saved = [{"learner": examinee.learner, "saved": examinee.saved} for examinee in examinees]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(saved, file)
        file.flush()
        problems: list[str] = json.loads(server.python("-m", "bench.rig.exam_records", file.name).splitlines()[-1])
    command = (sys.executable, "manage.py", "verify_grades")
    verified = subprocess.run(command, cwd=PROJECT, env=dict(server.environ), capture_output=True, text=True)
    return problems + (verified.stderr.splitlines()[-20:] if verified.returncode else [])


def figures(name: str, outcome: ExamLoad) -> list[Figure]:
    slowest, kind = outcome.slowest()
    cost = outcome.cpu * 1000 / outcome.requests
    saved = f"{outcome.saves} saves"
    return [
        Figure(f"{name}: slowest 99th percentile", slowest, "ms", at_most=SLOWEST, reference=f"of “{kind}”"),
        Figure(
            f"{name}: requests that failed",
            len(outcome.times.failures),
            "",
            at_most=0,
            reference="; ".join(outcome.times.failures[:1]),
        ),
        Figure(
            f"{name}: saves, hand-ins and scores that are lost or wrong",
            len(outcome.missing),
            "",
            at_most=0,
            reference="; ".join(outcome.missing[:1]) or saved,
        ),
        Figure(
            f"{name}: a request",
            cost,
            "ms of CPU",
            reference=f"{outcome.requests} requests in {outcome.seconds:.0f} s, {outcome.cpu / outcome.seconds:.2f} cores",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--on-sqlite", type=int, default=100)
    parser.add_argument(
        "--working", type=float, default=35, help="seconds between the last Start and the first hand-in"
    )
    options = parser.parse_args()
    report = Report("exam", "P4", "An exam that everybody starts and hands in at once")
    if options.learners:
        with (
            postgresql() as database,
            redis() as redis_url,
            product(database_url=database.url(), redis_url=redis_url) as server,
        ):
            tell(
                report,
                f"{options.learners} learners, PostgreSQL",
                measure_exam(server, options.learners, options.working, (database.pid,)),
            )
    if options.on_sqlite:
        with product() as server:
            tell(
                report,
                f"{options.on_sqlite} learners, SQLite",
                measure_exam(server, options.on_sqlite, options.working),
            )
    report.write()


def tell(report: Report, name: str, outcome: ExamLoad) -> None:
    report.add(*figures(name, outcome))
    report.note("\n".join([f"{name}:\n", *outcome.rows()]))


if __name__ == "__main__":
    main()
