"""The three signals, at their limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grading.rules.risk import RiskInput, Signal, needed_at_best, signals

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CALM = RiskInput(seen_at=NOW, has_passed=False, is_exam_over=False, final=0, wrong=0, needed=Fraction(1, 2))


def names(**changes):
    return [signal.name for signal in signals(replace(CALM, **changes), NOW)]


def test_without_evidence_there_is_no_signal():
    assert signals(CALM, NOW) == ()


@pytest.mark.parametrize(("gone", "found"), [(timedelta(days=7), ["away"]), (timedelta(days=7, microseconds=-1), [])])
def test_the_signal_away_starts_after_seven_days(gone, found):
    assert names(seen_at=NOW - gone) == found


@pytest.mark.parametrize(
    ("final", "wrong", "found"), [(5, 2, ["wrong"]), (4, 4, []), (6, 2, []), (10, 4, ["wrong"]), (10, 3, [])]
)
def test_the_signal_wrong_is_two_in_five_of_at_least_five(final, wrong, found):
    assert names(final=final, wrong=wrong) == found


@pytest.mark.parametrize(
    ("needed", "found"),
    [(Fraction(9, 10), []), (Fraction(9001, 10_000), ["tight"]), (Fraction(2), ["tight"]), (None, [])],
)
def test_the_signal_tight_starts_above_ninety_percent(needed, found):
    assert names(needed=needed) == found


def test_signals_say_what_they_were_seen_by():
    facts = RiskInput(NOW - timedelta(days=9, hours=1), False, False, 5, 3, Fraction(914, 1000))
    assert signals(facts, NOW) == (
        Signal("away", ("9",)),
        Signal("wrong", ("3", "5")),
        Signal("tight", ("91.4",)),
    )
    assert signals(replace(facts, needed=Fraction(11, 10)), NOW)[2] == Signal("tight", ("",))
    assert signals(replace(facts, needed=Fraction(1)), NOW)[2] == Signal("tight", ("100.0",))


@pytest.mark.parametrize("behind", [{"has_passed": True}, {"is_exam_over": True}])
def test_learners_who_passed_or_sat_the_exam_show_no_signals(behind):
    assert names(seen_at=NOW - timedelta(days=60), final=9, wrong=9, needed=Fraction(2), **behind) == []


@pytest.mark.parametrize(
    ("rest", "needed"), [(Fraction(1, 2), Fraction(2, 5)), (Fraction(1, 4), Fraction(9, 10)), (0, Fraction(7, 5))]
)
def test_the_share_of_the_exam_needed_at_best(rest, needed):
    found = needed_at_best(pass_share=Fraction(7, 10), rest_at_best=rest, exam_weight=Fraction(1, 2))
    assert found == needed


def test_an_exam_without_weight_decides_nothing():
    assert needed_at_best(pass_share=Fraction(7, 10), rest_at_best=Fraction(1), exam_weight=Fraction(0)) is None
