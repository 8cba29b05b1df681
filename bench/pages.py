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
    options = parser.parse_args()
    report = Report("pages", "P2", "Pages")
    with pair_on_postgresql() as pair:
        measured = ratios(pair, LEARNERS, rounds=options.rounds, seconds=options.seconds)
    for name, ratio in measured.items():
        report.add(Figure(name, ratio.ratio, "× the floor's CPU", at_most=MOST, reference=ratio.explained()))
    report.add(failures(measured))
    report.write()


if __name__ == "__main__":
    main()
