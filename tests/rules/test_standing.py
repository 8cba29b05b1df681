"""What an override makes of a standing (D18)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from grading.rules.standing import Standing, overridden

POINTS = st.decimals(min_value=0, max_value=40, places=2)
HALF = Standing(Decimal(1), Decimal(4), Decimal(2), (Decimal(1), Decimal(1)), "in_progress")


def test_points_that_are_given_are_final_and_stand_for_everything_that_was_asked():
    assert overridden(HALF, Decimal("2.5")) == Standing(Decimal("2.5"), Decimal(4), Decimal(4), (), "done")


def test_nothing_given_leaves_the_standing_as_it_is():
    assert overridden(HALF, None) is HALF


def test_no_points_at_all_can_be_given():
    assert overridden(HALF, Decimal(0)).earned == 0


@given(POINTS, POINTS)
def test_never_more_is_given_than_there_is(points, possible):
    found = overridden(Standing(Decimal(0), possible, Decimal(0), (), "done"), points)
    assert found.earned == min(points, possible)
