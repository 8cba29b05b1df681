"""P9: what a learner takes up in PostgreSQL, and what a lab session takes up on a runner.

.venv/bin/python -m bench.sizes [--learners 200] [--sessions 4]

These are counts of bytes, which other programs on the machine do not change, and the processor time of one kind of run.
docs/scale.md computes with them.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.rig.processes import pss_megabytes
from bench.rig.results import Figure, Report
from bench.rig.servers import PLAIN, PROJECT, folder, postgresql, redis
from labs.runner.protocol import Client, SourceCell

ORIGINALS = 4  # learners who finish the course through the services; the others are copies of them
TRAINING = """
import tensorflow as tf
x = tf.random.normal((2048, 64), seed=1)
y = tf.cast(tf.reduce_sum(x, 1) > 0, tf.float32)
model = tf.keras.Sequential([tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(x, y, epochs=3, verbose=2)
"""
RUNS = 3  # of the cell in each session; the first builds the model's graph
# Prints the bytes of all tables with their indexes, of the table of attempts alone, and the number of attempts.
COUNT = """
import json
from django.db import connection
from quizzes.models import Attempt
cursor = connection.cursor()
cursor.execute("SET statement_timeout = 0")
cursor.execute("VACUUM ANALYZE")
total = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
cursor.execute(f"{total}")
everything = int(cursor.fetchone()[0])
cursor.execute(f"{total} WHERE relname = %s", [Attempt._meta.db_table])
print(json.dumps([everything, int(cursor.fetchone()[0]), Attempt.objects.count()]))
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=4)
    options = parser.parse_args()
    report = Report("sizes", "P9", "What a learner and a lab session take up")
    report.add(*database_figures(options.learners), *runner_figures(options.sessions))
    report.note(
        "The learners have finished the course. A run of the cell trains a small network for three epochs; the first run "
        "of a session also builds its graph. Memory is PSS, with which what processes share is divided among them."
    )
    report.write()


def database_figures(learners: int) -> list[Figure]:
    """Return the bytes of an attempt and of a learner who has finished the course."""
    copies = learners // ORIGINALS - 1
    with folder() as home, postgresql() as database, redis() as redis_url:
        environ = {**PLAIN, "DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(home)}
        environ |= {"FINALCHECK_DATABASE_URL": database.url(), "FINALCHECK_REDIS_URL": redis_url}
        environ["FINALCHECK_DEMO"] = "1"
        python(environ, "manage.py", "prepare")
        numbers = ("--learners", str(ORIGINALS), "--seed", "1")
        python(environ, "manage.py", "seed_demo", *numbers, "--stage", "graded")
        before = counted(environ)
        python(environ, "manage.py", "seed_demo", *numbers, "--stage", "graded", "--copies", str(copies))
        after = counted(environ)
    everything, table, attempts = (now - then for now, then in zip(after, before, strict=True))
    added = f"{attempts:,} attempts of {copies * ORIGINALS:,} learners"
    return [
        Figure("an attempt with its indexes", table / attempts, "bytes", reference=added),
        Figure("a learner with all records", everything / (copies * ORIGINALS), "bytes", reference=added),
        Figure("attempts of a learner", attempts / (copies * ORIGINALS), "", reference=added),
    ]


def counted(environ: dict[str, str]) -> list[int]:
    numbers: list[int] = json.loads(python(environ, "manage.py", "shell", "-v", "0", "-c", COUNT).splitlines()[-1])
    return numbers


def python(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run((sys.executable, *arguments), cwd=PROJECT, env=environ, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def runner_figures(sessions: int) -> list[Figure]:
    """Return what a runner needs without sessions, and what each session and each run of the cell adds."""
    with runner() as (client, pid):
        idle = pss_megabytes([pid])
        runs = []
        for session in map(str, range(sessions)):
            client.open(session, f"owner-{session}")
            runs += [run_of(client, session, f"{session}-{number}") for number in range(RUNS)]
        used = pss_megabytes([pid])
    processor = [run["usage"]["cpu_seconds"] for run in runs]
    return [
        Figure("a runner without sessions", idle, "MB", reference="one warm process, and its reserve"),
        Figure("a lab session", (used - idle) / sessions, "MB", reference=f"{sessions} sessions"),
        Figure(
            "a run of the cell",
            statistics.mean(processor),
            "s of CPU",
            reference=f"{len(runs)} runs, from {min(processor)} to {max(processor)} s",
        ),
    ]


def run_of(client: Client, session: str, run: str) -> dict:
    *_, finished = client.cell(run, session, [SourceCell("1", TRAINING)])
    if finished["verdict"] != "succeeded":
        raise SystemExit(f"The cell ended as {finished['verdict']}.")
    return finished


@contextmanager
def runner() -> Iterator[tuple[Client, int]]:
    """Start a runner with one warm process."""
    with folder() as home:
        command = (sys.executable, "-m", "labs.runner", "--socket", str(home / "socket"), "--work", str(home / "work"))
        with subprocess.Popen(
            (*command, "--zygotes", "1"), cwd=PROJECT, env={}, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                state = json.loads(process.stdout.readline())
                if not state["ready"]:
                    raise SystemExit(f"The runner accepts no work: {state['reasons']}")
                yield Client(str(home / "socket")), process.pid
            finally:
                process.terminate()


if __name__ == "__main__":
    main()
