"""The figures of the question analysis, compared with NumPy and SciPy."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from quizzes.rules.analysis import Answered, alpha, analyze, correlation
from quizzes.rules.quantiles import f_quantile, incomplete_beta
from tests.rounds import one_database, second_round

pytestmark = [one_database, second_round]
CLOSE = 1e-9


def response_row(marks, responses=None):
    """One learner's answers: right or wrong by question, each first response "r" or "w" unless given."""
    given = responses or {}
    return {
        f"q{place}": Answered(bool(mark), bool(mark), given.get(f"q{place}", "r" if mark else "w"))
        for place, mark in enumerate(marks)
    }


def marks_of(learners, questions, seed=1):
    """Return right or wrong, simulated from skill and difficulty."""
    dice = random.Random(seed)
    skills = [dice.gauss(0, 1) for _ in range(learners)]
    hard = [dice.gauss(0, 1) for _ in range(questions)]
    return np.array([[dice.random() < 1 / (1 + np.exp(h - s)) for h in hard] for s in skills], dtype=float)


def cronbach(marks):
    k = marks.shape[1]
    return k / (k - 1) * (1 - marks.var(axis=0, ddof=1).sum() / marks.sum(axis=1).var(ddof=1))


@pytest.mark.parametrize("probability", [0.001, 0.025, 0.5, 0.975, 0.999])
@pytest.mark.parametrize("d1", [2, 9, 99, 9_999])
@pytest.mark.parametrize("others", [1, 4, 47])
def test_quantiles_of_f_are_scipys(probability, d1, others):
    d2 = d1 * others  # for that many learners and questions, less one each
    assert f_quantile(probability, d1, d2) == pytest.approx(stats.f.ppf(probability, d1, d2), rel=CLOSE)


@given(st.floats(0, 1), st.floats(0.5, 500), st.floats(0.5, 500))
def test_the_incomplete_beta_function_is_scipys(x, a, b):
    assert incomplete_beta(x, a, b) == pytest.approx(special.betainc(a, b, x), rel=1e-8, abs=CLOSE)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=3, max_size=40))
def test_the_correlation_is_scipys_point_biserial(pairs):
    right, rest = [x for x, _ in pairs], [y / 20 for _, y in pairs]
    found = correlation([(float(x), y) for x, y in zip(right, rest, strict=True)])
    if len(set(right)) == 1 or len(set(rest)) == 1:
        assert found is None
        return
    assert found == pytest.approx(stats.pointbiserialr(right, rest).statistic, abs=CLOSE)


def test_the_discrimination_leaves_the_question_itself_out():
    marks = marks_of(200, 12)
    rows = [response_row(row) for row in marks]
    for place in range(12):
        others = np.delete(marks, place, axis=1).mean(axis=1)
        expected = stats.pointbiserialr(marks[:, place].astype(bool), others).statistic
        assert analyze(f"q{place}", rows).discrimination == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(("learners", "questions"), [(4, 2), (30, 10), (500, 48)])
def test_alpha_of_a_paper_that_everyone_was_asked_is_cronbachs_and_its_interval_feldts(learners, questions):
    marks = marks_of(learners, questions, seed=7)
    found = alpha([response_row(row) for row in marks], questions)
    value = cronbach(marks)
    free = (learners - 1, (learners - 1) * (questions - 1))
    low, high = (1 - (1 - value) * stats.f.ppf(part, *free) for part in (0.975, 0.025))
    assert found.value == pytest.approx(value, abs=CLOSE)
    assert (found.low, found.high) == pytest.approx((low, high), abs=CLOSE)
    assert (found.questions, found.learners) == (questions, learners)


def test_alpha_of_drawn_papers_is_from_the_pairs_that_were_asked_together():
    marks, dice = marks_of(120, 9, seed=3), random.Random(4)
    masked = np.array([[m if dice.random() < 0.6 else np.nan for m in row] for row in marks])
    rows = [{q: a for q, a in response_row(row).items() if not np.isnan(row[int(q[1:])])} for row in masked]
    pairs = []
    for one in range(9):
        for two in range(one):
            both = ~np.isnan(masked[:, one]) & ~np.isnan(masked[:, two])
            pairs.append(np.cov(masked[both, one], masked[both, two])[0, 1])
    variance, shared = np.nanvar(masked, axis=0, ddof=1).mean(), np.mean(pairs)
    assert alpha(rows, 5).value == pytest.approx(5 * shared / (variance + 4 * shared), abs=CLOSE)
