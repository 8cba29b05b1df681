"""The rules of the exam hold in every order of what two tabs, the sweeper, the worker, an instructor and the clock do."""

from questions.rules.attempts import Spend
from tests.rules import exam_model
from tests.rules.exam_orders import SCENES, SHORT_REGRADE, explore, orders_of, violations

UNTIMED = SCENES[2]


def broken_in(scene):
    return {broken for before, _, after, _ in explore(scene) for broken in violations(before, after)}


def test_no_order_of_a_regrade_and_what_follows_breaks_an_invariant():
    assert broken_in(SHORT_REGRADE) == set()


def test_no_order_of_steps_breaks_an_invariant():
    scene = SCENES[0]
    outcomes = {(step.action, outcome) for _, step, _, outcome in explore(scene)}
    assert {
        ("save", "stale_draft"),
        ("check", "stale_attempt"),
        ("hand in", "sitting_over"),
        ("sweep", "ok"),
    } <= outcomes
    assert orders_of(scene) > 100_000_000
    assert broken_in(scene) == set()


def test_no_order_of_closing_an_exam_without_a_time_limit_breaks_an_invariant():
    outcomes = {(step.action, outcome) for _, step, _, outcome in explore(UNTIMED)}
    assert {("extend", "no_time_limit"), ("start", "assessment_closed"), ("check", "sitting_over")} <= outcomes
    assert broken_in(UNTIMED) == set()


def test_a_closing_that_cuts_off_accepted_answers_would_break_an_invariant(monkeypatch):
    def cut_off(clock, *, closes_at, used_until):
        return closes_at

    monkeypatch.setattr(exam_model.timing, "deadline_after_closing", cut_off)
    assert broken_in(UNTIMED) >= {"I3"}


def test_the_orders_of_two_steps_and_one_are_three():
    assert orders_of((SCENES[0][0][:2], SCENES[0][1][:1])) == 3


def test_without_the_decision_about_attempts_some_order_breaks_invariants(monkeypatch):
    monkeypatch.setattr(exam_model, "decide_attempt", lambda *, number, **_: Spend(number))
    assert broken_in(SCENES[3]) >= {"I4", "I6"}


def test_without_a_deadline_some_order_breaks_invariants(monkeypatch):
    monkeypatch.setattr(exam_model.timing, "accepts", lambda clock, now: clock.submitted_at is None)
    assert broken_in(SCENES[0]) >= {"I3", "I5"}
