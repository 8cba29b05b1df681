"""What test runs of a lab are worth."""

from decimal import Decimal
from fractions import Fraction

from labs.rules.results import Reached, points_earned, quality, reached, reached_in


def rows_of(one, two):
    worth = zip((1, 3), (one, two), strict=True)
    return [{"points": points, "verdict": verdict} for points, verdict in worth]


def test_the_best_run_counts_by_its_own_tests():
    good, half, none = rows_of("passed", "passed"), rows_of("failed", "passed"), rows_of("error", "failed")
    assert reached([]) is None
    assert reached([none]) == Reached(Decimal(0), Decimal(4), (Decimal(1), Decimal(3)))
    assert reached([half, none]) == Reached(Decimal(3), Decimal(4), (Decimal(1),))
    assert reached([good, half]) == Reached(Decimal(4), Decimal(4), ())
    small = [{**good[0], "points": 1}]
    assert reached([good, small]) == reached([small, good]) == Reached(Decimal(4), Decimal(4), ())
    assert reached([half, small]).possible == 1


def test_tests_without_points_or_results_earn_nothing():
    assert points_earned(None) == points_earned([]) == points_earned([{"verdict": "passed"}]) == 0
    assert reached_in([]) == Reached(Decimal(0), Decimal(0), ())
    assert quality(reached_in([])) == (0, 0)


def test_runs_are_compared_by_their_share_and_then_by_their_points():
    small, large = reached_in(rows_of("passed", "failed")), reached_in(rows_of("failed", "passed"))
    assert (quality(small), quality(large)) == ((Fraction(1, 4), 1), (Fraction(3, 4), 3))
