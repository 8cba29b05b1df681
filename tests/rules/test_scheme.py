"""The scheme and its decisions by number, as far as rules alone decide them: one promise per row.

The tests of each module go deeper. This table shows that no number is missing, and states each promise as data.
Decisions that services, pages or the database enforce have their rows next to those.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from course.rules.schedule import is_within_dates as is_available
from foundation.refusals import Refusal
from grading.rules.arithmetic import (
    GradedCategory,
    GradedItem,
    category_fraction,
    has_passed,
    overall_fraction,
    percent_down,
)
from grading.rules.counting import keeps_retired
from grading.rules.needs import Need, needed_on_exam
from questions.rules.attempts import (
    Past,
    Replay,
    attempts_left,
    button,
    decide_attempt,
    decide_response_draft,
    draft_counts_at_end,
)
from questions.types.matching import marking as matching
from questions.types.numeric import marking as numeric
from questions.types.tensor_shape import marking as tensor_shape
from quizzes.rules.disclosure import UNENDED, USUAL, parts_shown
from quizzes.rules.draw import PoolQuestion, Stratum, draw
from quizzes.rules.scoring import ScoredQuestion, tally
from quizzes.rules.timing import SittingClock, accepts, deadline, is_open, is_settled, is_time_up

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXAM = SittingClock(START, START + HOUR, None)
REVIEW = SittingClock(START, None, None)
WRONG, RIGHT = Past(1, "a", is_correct=False, limit=2), Past(1, "a", is_correct=True, limit=2)
WRONG_AT_LAST = Past(1, "a", is_correct=False, limit=1)


def after(clock, seconds):
    return clock.started_at + HOUR + timedelta(seconds=seconds)


def item(earned, possible, winnable=()):
    return GradedItem(Decimal(earned), Decimal(possible), winnable=tuple(map(Decimal, winnable)))


def half(*items):
    return GradedCategory(Decimal(50), items)


def refusal(act, **facts):
    with pytest.raises(Refusal) as caught:
        act(**facts)
    return caught.value.code


def attempt(number, response, *past):
    return {"past": past, "number": number, "response": response}


SITTING = [ScoredQuestion("q", Decimal(1)), ScoredQuestion("r", Decimal(1))]
PAIR = {"left": [{"id": "l"}, {"id": "m"}], "right": [{"id": "x"}]}
QUARTER = {"answer": "0.25", "tolerance": "0.01", "relative": False}
POOL = [PoolQuestion(f"q{n}", "m", 1) for n in range(9)]
PAPER = [Stratum("m", 1, 4, Decimal(2))]

ROWS = {
    "G1 half and half": lambda: overall_fraction([half(item(32, 48)), half(item(22, 30))]) == Fraction(7, 10),
    "G1 70 % passes": lambda: has_passed(Fraction(7, 10), Decimal(70)),
    "G2 only the overall grade decides": lambda: has_passed(
        overall_fraction([half(item(10, 10)), half(item(4, 10))]), Decimal(70)
    ),
    "G3 a review has no time limit": lambda: REVIEW.deadline_at is None and accepts(REVIEW, after(REVIEW, 10**9)),
    "G4 an exam has an hour": lambda: (
        deadline(started_at=START, limit=HOUR, multiplier=Decimal(1), closes_at=None) == START + HOUR
    ),
    "G5 one attempt for True/False, two for others": lambda: (
        (attempts_left(1, []), attempts_left(1, [WRONG_AT_LAST]), attempts_left(2, [WRONG])) == (1, 0, 1)
    ),
    "G6 a wrong attempt costs nothing": lambda: (
        tally(SITTING, {"q": [WRONG, Past(2, "b", is_correct=True, limit=2)]}).earned == 1
    ),
    "G7 Check, then Final Check, then never again": lambda: (
        (button(2, []), button(2, [WRONG]), button(1, []), button(1, [WRONG_AT_LAST]))
        == ("check", "final_check", "final_check", None)
    ),
    "G8 a grade at any time": lambda: percent_down(overall_fraction([half(item(1, 3)), half()])) == "16.6",
    "D1 the mean of assessments": lambda: category_fraction([item(1, 1), item(0, 99)]) == Fraction(1, 2),
    "D2 right at first is final": lambda: attempts_left(2, [RIGHT]) == 0,
    "D3 a blank response": lambda: refusal(matching.parse, raw={"l": "x"}, body=PAIR) == "blank_response",
    "D3 a malformed response": lambda: refusal(matching.parse, raw=["l"], body=PAIR) == "invalid_response",
    "D3 [] is a scalar's shape": lambda: tensor_shape.parse([], {}) == [],
    "D4 69.995 % has not passed": lambda: (
        not has_passed(Fraction(69995, 100000), Decimal(70)) and percent_down(Fraction(69995, 100000)) == "69.9"
    ),
    "D5 cut by the closing": lambda: (
        deadline(started_at=START, limit=HOUR, multiplier=Decimal(1), closes_at=START + HOUR / 2) == START + HOUR / 2
    ),
    "D6 accepted until the grace ends, which is closed": lambda: (
        (accepts(EXAM, after(EXAM, 5)), accepts(EXAM, after(EXAM, 5.000001))) == (True, False)
    ),
    "D6 time is up at the deadline": lambda: (
        (is_time_up(EXAM, after(EXAM, -0.000001)), is_time_up(EXAM, after(EXAM, 0))) == (False, True)
    ),
    "D6 settled after 30 seconds, or at once when ended": lambda: (
        not is_settled(EXAM, after(EXAM, 29.999999))
        and is_settled(EXAM, after(EXAM, 30))
        and is_settled(SittingClock(START, START + HOUR, START), START)
    ),
    "D7 a save raises the revision, a stale one is refused": lambda: (
        decide_response_draft(stored_revision=2, stored_response="b", revision=2, response="c") == 3
        and refusal(decide_response_draft, stored_revision=2, stored_response="b", revision=0, response="c")
        == "stale_draft"
    ),
    "D8 a changed draft is graded, an unchanged one is not": lambda: (
        draft_counts_at_end(past=[WRONG], draft_response="b")
        and not draft_counts_at_end(past=[WRONG], draft_response="a")
    ),
    "D9 open is a predicate of the instant": lambda: (
        (is_open(EXAM, after(EXAM, 29)), is_open(EXAM, after(EXAM, 30)), is_open(REVIEW, START)) == (True, False, False)
    ),
    "D10 a review's key once final": lambda: (
        parts_shown(USUAL["review"], kind="review", is_final=True, stage=UNENDED) == {"key", "explanation"}
        and not parts_shown(USUAL["review"], kind="review", is_final=False, stage=UNENDED)
    ),
    "D11 an exam's key once settled": lambda: not parts_shown(USUAL["exam"], kind="exam", is_final=True, stage=UNENDED),
    "D12 the same submission again": lambda: decide_attempt(**attempt(1, "a", WRONG)) == Replay(WRONG),
    "D12 a stale number": lambda: refusal(decide_attempt, **attempt(1, "b", WRONG)) == "stale_attempt",
    "D13 nothing after Final Check": lambda: (
        refusal(decide_attempt, **attempt(2, "b", WRONG_AT_LAST)) == "attempts_exhausted"
    ),
    "D15 a standing multiplier": lambda: (
        deadline(started_at=START, limit=HOUR, multiplier=Decimal("1.25"), closes_at=None) == START + HOUR * 5 / 4
    ),
    "D19 an open sitting holds the certificate back": lambda: is_open(EXAM, START) and not is_open(REVIEW, START),
    "D21 points in mid-exam count": lambda: tally(SITTING, {"q": [RIGHT]}).earned == 1,
    "D22 half-open from opening to closing": lambda: (
        is_available(opens_at=START, closes_at=START + HOUR, now=START)
        and not is_available(opens_at=START, closes_at=START + HOUR, now=START + HOUR)
    ),
    "D23 a removed question costs nobody": lambda: (
        tally([ScoredQuestion("old", Decimal(1), is_retired=True)], {"old": [WRONG]}).possible == 0
        and keeps_retired(reached=Fraction(1), mean_without=Fraction(1, 2))
    ),
    "D25 all or nothing, and inclusive": lambda: numeric.is_right("0,26".replace(",", "."), QUARTER),
    "D25 point or comma": lambda: numeric.parse("0,26", {}) == numeric.parse("0.26", {}),
    "D26 what is needed on the final": lambda: (
        needed_on_exam(
            pass_percent=Decimal(70),
            others=[half(item(38, 50))],
            exam=half(item(0, 20, ["1"] * 20)),
            exam_state="not_started",
        )
        == Need("exam", "64.0", "13", "20")
    ),
    "D27 the same seed, the same paper, the same total": lambda: (
        draw(PAPER, POOL, "s") == draw(PAPER, POOL[::-1], "s")
        and sum(question.points for question in draw(PAPER, POOL, "t")) == 8
    ),
    "D29 the lowest is dropped": lambda: (
        GradedCategory(Decimal(100), (item(1, 4), item(3, 4)), drop_lowest=1).reached == Fraction(3, 4)
    ),
    "D30 extra credit adds, up to 100 %": lambda: (
        overall_fraction(
            [half(item(4, 4)), half(item(3, 4)), GradedCategory(Decimal(20), (item(1, 1),), is_extra=True)]
        )
        == 1
    ),
    "D31 the others share the weight of a category from which one is exempt": lambda: (
        overall_fraction([half(item(3, 4)), GradedCategory(Decimal(50), (), is_exempt=True)]) == Fraction(3, 4)
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_scheme_is_kept(row):
    assert ROWS[row]() is True


def test_no_number_that_rules_decide_is_forgotten():
    elsewhere = {14, 16, 17, 18, 20, 24, 28}  # records, audited actions, rights: enforced by services and the database
    numbers = {row.split()[0] for row in ROWS}
    assert numbers == {f"G{n}" for n in range(1, 9)} | {f"D{n}" for n in range(1, 32) if n not in elsewhere}
