"""The effect of an override on a result (D18)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from grading.rules.activity_results import ActivityResult, overridden

POINTS = st.decimals(min_value=0, max_value=40, places=2)
HALF = ActivityResult(Decimal(1), Decimal(4), Decimal(2), (Decimal(1), Decimal(1)), "in_progress")


def test_override_points_are_final_and_cover_all_questions():
    assert overridden(HALF, Decimal("2.5")) == ActivityResult(Decimal("2.5"), Decimal(4), Decimal(4), (), "done")


def test_without_an_override_the_result_is_unchanged():
    assert overridden(HALF, None) is HALF


def test_no_points_at_all_can_be_given():
    assert overridden(HALF, Decimal(0)).earned == 0


@given(POINTS, POINTS)
def test_never_more_is_given_than_there_is(points, possible):
    found = overridden(ActivityResult(Decimal(0), possible, Decimal(0), (), "done"), points)
    assert found.earned == min(points, possible)
