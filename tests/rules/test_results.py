"""What test runs of a lab are worth."""

from decimal import Decimal

from labs.rules.results import Reached, reached


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
