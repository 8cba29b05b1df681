"""What a class that presses Run at once saw, and which of it counts as wrong."""

import pytest

from bench.crowd import Seen, figures


@pytest.mark.parametrize(
    ("positions", "is_right"),
    [([], True), ([7], True), ([7, 3, 1], True), ([3, 4], False), ([5, 2, 2], False)],
)
def test_a_position_only_comes_nearer(positions, is_right):
    assert Seen(1.0, positions).is_right is is_right


def test_the_slowest_learner_counts_and_a_wrong_position_is_shown():
    seen = [Seen(0.5, []), Seen(12.0, [2, 4]), Seen(1.0, [1])]
    slowest, wrong = figures("a class", seen, at_most=10.0)
    assert (slowest.measured, slowest.is_met, slowest.reference) == (12.0, False, "half of them after 1.0 s")
    assert (wrong.measured, wrong.is_met, wrong.reference) == (1, False, "[2, 4]")
