"""How much late answers count (D34), against an oracle that counts day by day with fractions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.activity_results import ActivityWorth
from grading.rules.late_shares import Lateness, LateShare, late_share
from grading.rules.lateness import LateTerms, share_of, terms_from, terms_when_due
from grading.rules.ledger import LedgerRow, counted_row
from questions.rules.attempts import Past
from quizzes.rules.corrections import Correction
from quizzes.rules.scoring import ScoredQuestion, question_scores, tally

DUE = datetime(2027, 3, 21, 22, 59, tzinfo=UTC)
HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
TERMS = LateTerms(DUE, percent_per_day=20, grace_minutes=120, lowest_percent=30)

TABLE = [  # time after the due date, days late, percent that counts, when it falls next
    (-DAY, 0, 100, 2 * HOUR),
    (timedelta(), 0, 100, 2 * HOUR),
    (2 * HOUR, 0, 100, 2 * HOUR),
    (2 * HOUR + INSTANT, 1, 80, DAY + 2 * HOUR),
    (DAY + 2 * HOUR, 1, 80, DAY + 2 * HOUR),
    (DAY + 2 * HOUR + INSTANT, 2, 60, 2 * DAY + 2 * HOUR),
    (3 * DAY, 3, 40, 3 * DAY + 2 * HOUR),
    (4 * DAY, 4, 30, None),
    (400 * DAY, 400, 30, None),
]


@pytest.mark.parametrize(("after", "days", "percent", "falls"), TABLE)
def test_each_day_that_has_begun_costs_the_same_until_the_lowest_percent(after, days, percent, falls):
    at = DUE + after
    assert (TERMS.days_late(at), TERMS.percent_at(at)) == (days, percent)
    assert TERMS.falls_at(at) == (None if falls is None else DUE + falls)


def test_another_due_date_of_the_learner_moves_every_day():
    assert TERMS.due(DUE + DAY).percent_at(DUE + DAY + 2 * HOUR) == 100
    assert TERMS.due(DUE - DAY).days_late(DUE) == TERMS.days_late(DUE + DAY)
    assert TERMS.due(DUE) == TERMS


def test_terms_need_a_policy_and_a_due_date_and_survive_storing():
    policy = {"percent_per_day": 20, "grace_minutes": 120, "lowest_percent": 30}
    assert terms_when_due(policy, DUE) == TERMS == terms_from(TERMS.stored())
    assert terms_when_due({}, DUE) is terms_when_due(policy, None) is terms_from(None) is None


def test_an_exam_counts_as_a_whole_by_its_start():
    exam = Lateness(TERMS, started_at=DUE + 3 * HOUR)
    assert (exam.percent_at(DUE + 90 * DAY), exam.percent_left) == (80, 80)
    review = Lateness(TERMS)
    assert (review.percent_at(DUE + 90 * DAY), review.percent_left) == (30, 100)


def test_a_learner_is_told_what_counts_now_and_until_when():
    told = late_share(Lateness(TERMS), DUE + 3 * HOUR)
    assert told is not None
    assert (told.deduction, told.percent, told.falls_at, told.is_fixed) == (20, 80, DUE + DAY + 2 * HOUR, False)
    begun = late_share(Lateness(TERMS, DUE + 3 * HOUR), DUE + DAY + 9 * HOUR)
    assert begun is not None
    assert (begun.deduction, begun.falls_at, begun.is_fixed) == (20, None, True)
    assert late_share(Lateness(), DUE) is None


@pytest.mark.parametrize(
    ("now", "closes_at", "shown"),
    [
        (DUE, DUE + 2 * HOUR, None),
        (DUE, DUE + 2 * HOUR + INSTANT, (100, DUE + 2 * HOUR)),
        (DUE, DUE + DAY, (100, DUE + 2 * HOUR)),
        (DUE + 3 * HOUR, DUE + 2 * HOUR, (80, None)),
        (DUE + 3 * HOUR, DUE + DAY + 2 * HOUR, (80, None)),
        (DUE + 3 * HOUR, DUE + DAY + 3 * HOUR, (80, DUE + DAY + 2 * HOUR)),
    ],
)
def test_a_learner_is_told_nothing_that_begins_after_the_closing(now, closes_at, shown):
    share = late_share(Lateness(TERMS), now, closes_at)
    assert (share and (share.percent, share.falls_at)) == shown


def late_row(late_terms: LateTerms | None) -> LedgerRow:
    worth = ActivityWorth((Decimal(1),))
    return LedgerRow(1, "a", "", "review", "A", False, "r", *[Decimal(0)] * 3, (), "done", worth, late_terms=late_terms)


@pytest.mark.parametrize(
    ("now", "kept", "in_force"),
    [(TERMS, None, None), (TERMS, LateTerms(DUE, 5), LateTerms(DUE, 5)), (None, LateTerms(DUE, 5), None)],
)
def test_a_certificate_keeps_its_late_policy_but_none_that_was_given_up(now, kept, in_force):
    counted = {"category": "r", "possible": "1", "questions": [], **({"late": kept.stored()} if kept else {})}
    assert counted_row(late_row(now), counted).late_terms == in_force


def oracle_percent(terms: LateTerms, at: datetime) -> Fraction:
    """Count day by day, in microseconds, without the code under test."""
    left = (at - terms.due_at) // timedelta(microseconds=1) - terms.grace_minutes * 60_000_000
    percent = Fraction(100)
    while left > 0 and percent > terms.lowest_percent:
        percent -= terms.percent_per_day
        left -= 24 * 3600 * 1_000_000
    return max(percent, Fraction(terms.lowest_percent))


instants = st.integers(-3 * 86_400_000_000, 12 * 86_400_000_000).map(lambda after: DUE + timedelta(microseconds=after))
edges = st.builds(
    lambda days, off: DUE + days * DAY + off, st.integers(0, 9), st.sampled_from([-INSTANT, timedelta(), INSTANT])
)
policies = st.builds(
    LateTerms,
    st.just(DUE),
    percent_per_day=st.integers(1, 100),
    grace_minutes=st.integers(0, 3000),
    lowest_percent=st.integers(0, 100),
)
tries = st.lists(st.tuples(st.one_of(instants, edges), st.booleans()), max_size=3)
questions = st.lists(
    st.tuples(st.decimals("0.01", 1000, places=2), tries, st.sampled_from(["", "credit", "void"])), max_size=6
)


@given(terms=policies, asked=questions, started_at=st.one_of(st.none(), instants))
def test_the_points_of_late_answers_are_exactly_those_of_the_oracle(terms, asked, started_at):
    lateness = Lateness(terms, started_at)
    counted = [
        ScoredQuestion(str(place), points, corrections=(Correction(kind),) if kind else ())
        for place, (points, _, kind) in enumerate(asked)
    ]
    past = {
        str(place): [Past(n, "", right, 3, lateness.percent_at(at)) for n, (at, right) in enumerate(attempts, 1)]
        for place, (_, attempts, _) in enumerate(asked)
    }
    expected, lost = Fraction(0), Fraction(0)
    for points, attempts, kind in asked:
        shares = [oracle_percent(terms, started_at or at) / 100 for at, right in attempts if right]
        best = Fraction(1) if kind == "credit" else max(shares, default=None)
        if best is not None and (best or kind != "void"):
            expected += Fraction(points) * best
            lost += Fraction(points) * (1 - best)
    found = tally(counted, past, percent_left=lateness.percent_left)
    assert (Fraction(found.earned), Fraction(found.late)) == (expected, lost)
    assert found.earned == found.earned.quantize(Decimal("0.0001"))  # so that the gradebook stores it exactly
    scores = question_scores(counted, past, None).values()
    assert (sum(each.earned for each in scores), sum(each.late for each in scores)) == (found.earned, found.late)


@given(st.decimals("0.01", 1000, places=2), st.integers(0, 100))
def test_a_share_of_points_is_exact(points, percent):
    assert Fraction(share_of(points, percent)) == Fraction(points) * percent / 100


def test_the_days_late_of_an_attempt_count_from_its_receipt_or_from_the_start_of_its_exam():
    assert Lateness().days_late(DUE + 9 * DAY) == 0
    assert Lateness(TERMS).days_late(DUE + 3 * HOUR) == 1
    assert Lateness(TERMS, started_at=DUE + 3 * HOUR).days_late(DUE + 9 * DAY) == 1


def test_what_a_learner_is_told_changes_until_an_exam_has_begun():
    assert LateShare(TERMS, 80, 1, None).is_fixed is False
