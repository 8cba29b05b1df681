"""The effect of an override on a result (D18)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from grading.rules.activity_results import ActivityResult, ActivityWorth, overridden

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


def test_an_activity_that_nobody_began_has_what_a_regrade_gives_everyone():
    worth = ActivityWorth((Decimal(2), Decimal(3)), {"credited": Decimal(1), "too": Decimal("0.5")})
    assert (worth.given, worth.possible) == (Decimal("1.5"), Decimal("6.5"))
    assert worth.unbegun == ActivityResult(
        Decimal("1.5"), Decimal("6.5"), Decimal("1.5"), (Decimal(2), Decimal(3)), "not_started"
    )
    assert ActivityWorth(()).possible == 0


def test_under_a_certificate_only_the_credit_of_its_questions_counts():
    worth = ActivityWorth((Decimal(2), Decimal(3)), {"one": Decimal(1), "two": Decimal(1)})
    assert worth.over(Decimal(7), ["one", "two", "open"]) is worth
    assert worth.over(Decimal(7), ["one"]) == ActivityWorth((Decimal(6),), {"one": Decimal(1)})
    assert worth.over(Decimal(5), ["one", "two"]) == ActivityWorth((Decimal(3),), worth.credited)
    assert worth.over(Decimal(2), ["one", "two"]) == ActivityWorth((Decimal(0),), worth.credited)
    assert worth.over(Decimal("1.5"), ["one", "two"]) == ActivityWorth((Decimal("1.5"),))
