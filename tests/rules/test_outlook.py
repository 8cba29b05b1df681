"""The table of possible exam results matches an independent exact computation."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from grading.rules.outlook import Exam, outlook, outlooks


def exam(possible=10, rest=Fraction(3, 8)):
    return Exam(possible=Decimal(possible), weight=Fraction(50), rest=rest, pass_percent=Decimal(70))


def test_the_rows_surround_the_need_and_the_landmarks():
    rows = outlooks(exam(), Decimal(7))
    assert [(row.points, row.percent, row.overall, row.has_passed) for row in rows] == [
        ("6", "60.0", "67.5", False),
        ("7", "70.0", "72.5", True),
        ("8", "80.0", "77.5", True),
        ("10", "100.0", "87.5", True),
    ]


def test_without_a_need_only_the_landmarks_are_listed():
    assert [row.points for row in outlooks(exam(possible=25), None)] == ["15", "20", "25"]


def test_the_rows_include_the_need_and_one_point_less():
    assert [row.points for row in outlooks(exam(possible=25), Decimal(18))] == ["15", "17", "18", "20", "25"]


def test_landmarks_are_rounded_up_to_whole_points_except_the_full_paper():
    assert [row.points for row in outlooks(exam(possible="24.5"), None)] == ["15", "20", "24.5"]


def test_a_need_larger_than_the_paper_has_no_row():
    assert [row.points for row in outlooks(exam(possible=10), Decimal(11))] == ["6", "8", "10"]


def test_no_row_is_beyond_the_paper_or_below_nothing():
    assert [row.points for row in outlooks(exam(possible=1), Decimal(0))] == ["0", "1"]
    assert [row.points for row in outlooks(exam(possible=10), Decimal("0.5"))] == ["0", "0.5", "6", "8", "10"]


@given(
    possible=some.integers(1, 60),
    earned=some.integers(0, 60),
    rest=some.fractions(0, Fraction(1, 2), max_denominator=90),
)
def test_a_row_passes_exactly_when_the_sum_reaches_the_mark(possible, earned, rest):
    earned = min(earned, possible)
    row = outlook(exam(possible, rest), Decimal(earned))
    assert row.has_passed == (100 * rest + Fraction(50 * earned, possible) >= 70)
