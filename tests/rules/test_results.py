"""What test runs of a lab are worth."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from grading.rules.lateness import LateTerms
from labs.rules.results import JudgedRun, Reached, points_earned, quality, reached, reached_in

DUE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def best(*runs):
    """Return what these results are worth without a late policy."""
    return reached([JudgedRun(rows, DUE) for rows in runs])


def rows_of(one, two):
    worth = zip((1, 3), (one, two), strict=True)
    return [{"points": points, "verdict": verdict} for points, verdict in worth]


def test_the_best_run_counts_by_its_own_tests():
    good, half, none = rows_of("passed", "passed"), rows_of("failed", "passed"), rows_of("error", "failed")
    assert best() is None
    assert best(none) == Reached(Decimal(0), Decimal(4), (Decimal(1), Decimal(3)))
    assert best(half, none) == Reached(Decimal(3), Decimal(4), (Decimal(1),))
    assert best(good, half) == Reached(Decimal(4), Decimal(4), ())
    small = [{**good[0], "points": 1}]
    assert best(good, small) == best(small, good) == Reached(Decimal(4), Decimal(4), ())
    assert best(half, small).possible == 1


def test_tests_without_points_or_results_earn_nothing():
    assert points_earned(None) == points_earned([]) == points_earned([{"verdict": "passed"}]) == 0
    assert reached_in([]) == Reached(Decimal(0), Decimal(0), ())
    assert quality(reached_in([])) == (0, 0)


def test_runs_are_compared_by_their_share_and_then_by_their_points():
    small, large = reached_in(rows_of("passed", "failed")), reached_in(rows_of("failed", "passed"))
    assert (quality(small), quality(large)) == ((Fraction(1, 4), 1), (Fraction(3, 4), 3))


def test_a_late_run_counts_less_and_the_run_that_then_counts_most_is_the_best():
    terms = LateTerms(DUE, percent_per_day=30, lowest_percent=25)
    good, half = rows_of("passed", "passed"), rows_of("failed", "passed")
    in_time, late = JudgedRun(half, DUE), JudgedRun(good, DUE + timedelta(microseconds=1))
    assert reached([late], terms) == Reached(Decimal("2.8"), Decimal(4), (), Decimal("1.2"))
    assert reached([in_time, late], terms) == Reached(Decimal(3), Decimal(4), (Decimal(1),))  # 75 % and 70 %
    later = JudgedRun(good, DUE + 9 * DAY)
    assert reached([later], terms) == Reached(Decimal(1), Decimal(4), (), Decimal(3))  # never less than 25 %
    for run in (in_time, late, later):
        found = reached([run], terms)
        assert found.earned + found.late + sum(found.missing) == found.possible
