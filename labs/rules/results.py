"""Results of a run's tests: passed or not, and points."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grading.rules.lateness import WHOLE, LateTerms, share_of

type Rows = Sequence[dict[str, Any]]


def have_all_passed(tests: Rows | None) -> bool:
    """Return whether there were tests and all of them passed."""
    return bool(tests) and all(row["verdict"] == "passed" for row in tests or ())


def points_earned(tests: Rows | None) -> Decimal:
    """Return the points of the tests that passed; zero without tests."""
    return sum((Decimal(row.get("points", 0)) for row in tests or () if row["verdict"] == "passed"), Decimal(0))


@dataclass(frozen=True)
class Reached:
    """What a learner's test runs of a lab are worth, in points; `missing` holds the points of each test that did not pass.

    `late` is how many points the tests that passed lost because they were run late (D34); `earned` is without them.
    """

    earned: Decimal
    possible: Decimal
    missing: tuple[Decimal, ...]
    late: Decimal = Decimal(0)


@dataclass(frozen=True)
class JudgedRun:
    """The results of a finished test run that count, and when the run was ordered."""

    tests: Rows
    ordered_at: datetime


def reached(runs: Iterable[JudgedRun], terms: LateTerms | None = None) -> Reached | None:
    """Return the worth of the best finished test run, or None without any.

    Each run keeps the tests it ran with, so learners keep their points when a lab changes. Runs are compared by the fraction
    earned, then by points. With late terms, a run counts by when it was ordered (D34).
    """
    candidates = (reached_in(run.tests, WHOLE if terms is None else terms.percent_at(run.ordered_at)) for run in runs)
    return max(candidates, key=quality, default=None)


def reached_in(tests: Rows, percent: int = WHOLE) -> Reached:
    """Return the worth of one finished test run, which counts `percent` percent of its points."""
    missing = tuple(Decimal(row["points"]) for row in tests if row["verdict"] != "passed")
    passed = points_earned(tests)
    earned = share_of(passed, percent)
    return Reached(earned, passed + sum(missing, Decimal(0)), missing, passed - earned)


def quality(worth: Reached) -> tuple[Fraction, Decimal]:
    """Return the key by which runs are compared: the larger is the better run."""
    return Fraction(worth.earned) / Fraction(worth.possible or 1), worth.earned
