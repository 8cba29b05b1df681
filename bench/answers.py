"""P1: what an answer costs. Check and autosave on PostgreSQL, and Check on SQLite, against the floor.

.venv/bin/python -m bench.answers [--rounds 3] [--seconds 6]
"""

import argparse

from bench.floor.learners import FloorAnswering
from bench.rig.learners import Answering, Sitting
from bench.rig.ratios import Ratio, failures, pair_on_postgresql, pair_on_sqlite, ratios
from bench.rig.results import Figure, Report

MOST = 1.6  # times the floor's processor time
SLOWEST = 60.0  # milliseconds, for an answer on SQLite with eight clients
# Moodle 4.5 needed 76.5 ms for an answer on the machine on which the floor needed 2.45 ms (November 2026). Moodle is too
# large to install for a benchmark, so this ratio is not measured again.
MOODLE_TO_FLOOR = 76.5 / 2.45
LEARNERS = {"Check": (Answering, FloorAnswering), "autosave in an exam": (Sitting, FloorAnswering)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    report = Report("answers", "P1", "An answer")
    with pair_on_postgresql() as pair:
        measured = ratios(pair, LEARNERS, rounds=options.rounds, seconds=options.seconds)
    for name, ratio in measured.items():
        report.add(
            Figure(f"{name}, PostgreSQL", ratio.ratio, "× the floor's CPU", at_most=MOST, reference=ratio.explained())
        )
    answers = MOODLE_TO_FLOOR / measured["Check"].ratio
    report.add(Figure("answers per CPU second", answers, "× Moodle's", at_least=18.0, reference="the floor; see below"))
    with pair_on_sqlite() as pair:
        on_sqlite = ratios(pair, {"Check": LEARNERS["Check"]}, rounds=1, seconds=options.seconds)["Check"]
    report.add(*sqlite_figures(on_sqlite), failures({**measured, "SQLite": on_sqlite}))
    report.note(
        f"Moodle is not measured in this run. On another day, an answer cost Moodle 4.5 {MOODLE_TO_FLOOR:.0f} times the "
        "processor time that it cost the floor on the same machine; the figure above divides that by the first one."
    )
    report.write()


def sqlite_figures(ratio: Ratio) -> list[Figure]:
    ours, theirs = ratio.rounds[0]
    slow = f"floor {theirs.milliseconds(0.99):.0f} ms"
    speed = f"floor {theirs.per_second:.0f}"
    return [
        Figure("Check, SQLite, p99 with 8 clients", ours.milliseconds(0.99), "ms", at_most=SLOWEST, reference=slow),
        Figure("Check, SQLite, one process", ours.per_second, "per second", reference=speed),
        Figure("Check, SQLite", ratio.ratio, "× the floor's CPU", reference=ratio.explained()),
    ]


if __name__ == "__main__":
    main()
