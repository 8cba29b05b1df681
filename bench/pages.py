"""P2: what reading a page costs, on PostgreSQL, against the floor.

.venv/bin/python -m bench.pages [--rounds 3] [--seconds 4]
"""

import argparse

from bench.floor.learners import FloorReading, FloorReadingProgress
from bench.rig.learners import ReadingExam, ReadingLessons, ReadingOutline, ReadingProgress, ReadingReview
from bench.rig.ratios import failures, pair_on_postgresql, ratios
from bench.rig.results import Figure, Report

MOST = 1.6  # times the floor's processor time
LEARNERS = {
    "lesson": (ReadingLessons, FloorReading),
    "review page (25 questions)": (ReadingReview, FloorReading),
    "exam question": (ReadingExam, FloorReading),
    "progress": (ReadingProgress, FloorReadingProgress),
    "outline": (ReadingOutline, FloorReadingProgress),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    asked = parser.parse_args()
    report = Report("pages", "P2", "Pages")
    with pair_on_postgresql() as pair:
        found = ratios(pair, LEARNERS, rounds=asked.rounds, seconds=asked.seconds)
    for name, each in found.items():
        report.add(Figure(name, each.ratio, "× the floor's CPU", at_most=MOST, reference=each.explained()))
    report.add(failures(found))
    report.write()


if __name__ == "__main__":
    main()
