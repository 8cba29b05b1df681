"""The figures of the question analysis, against NumPy and SciPy."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from quizzes.rules.analysis import Answered, alpha, analyse, correlation
from quizzes.rules.quantiles import f_quantile, incomplete_beta

CLOSE = 1e-9


def sheet(marks, responses=None):
    """One learner's answers: right or wrong by question, each first response "r" or "w" unless given."""
    given = responses or {}
    return {
        f"q{place}": Answered(bool(mark), bool(mark), given.get(f"q{place}", "r" if mark else "w"))
        for place, mark in enumerate(marks)
    }


def marks_of(learners, questions, seed=1):
    """Right or wrong as skill and difficulty have it."""
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
    d2 = d1 * others  # as they are for that many learners and questions, less one each
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
    sheets = [sheet(row) for row in marks]
    for place in range(12):
        others = np.delete(marks, place, axis=1).mean(axis=1)
        expected = stats.pointbiserialr(marks[:, place].astype(bool), others).statistic
        assert analyse(f"q{place}", sheets).discrimination == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(("learners", "questions"), [(4, 2), (30, 10), (500, 48)])
def test_alpha_of_a_paper_that_everyone_was_asked_is_cronbachs_and_its_interval_feldts(learners, questions):
    marks = marks_of(learners, questions, seed=7)
    found = alpha([sheet(row) for row in marks], questions)
    value = cronbach(marks)
    free = (learners - 1, (learners - 1) * (questions - 1))
    low, high = (1 - (1 - value) * stats.f.ppf(part, *free) for part in (0.975, 0.025))
    assert found.value == pytest.approx(value, abs=CLOSE)
    assert (found.low, found.high) == pytest.approx((low, high), abs=CLOSE)
    assert (found.questions, found.learners) == (questions, learners)


def test_alpha_of_drawn_papers_is_from_the_pairs_that_were_asked_together():
    marks, dice = marks_of(120, 9, seed=3), random.Random(4)
    masked = np.array([[m if dice.random() < 0.6 else np.nan for m in row] for row in marks])
    sheets = [{q: a for q, a in sheet(row).items() if not np.isnan(row[int(q[1:])])} for row in masked]
    pairs = []
    for one in range(9):
        for two in range(one):
            both = ~np.isnan(masked[:, one]) & ~np.isnan(masked[:, two])
            pairs.append(np.cov(masked[both, one], masked[both, two])[0, 1])
    variance, shared = np.nanvar(masked, axis=0, ddof=1).mean(), np.mean(pairs)
    assert alpha(sheets, 5).value == pytest.approx(5 * shared / (variance + 4 * shared), abs=CLOSE)


@pytest.mark.parametrize(
    ("sheets", "length"),
    [
        ([sheet([1, 0])] * 2, 2),
        ([sheet([1])] * 9, 1),
        ([sheet([1, 1])] * 9, 2),
        ([], 4),
        ([{"q0": Answered(True)}, {"q1": Answered(True)}, {"q2": Answered(False)}], 4),
    ],
)
def test_there_is_no_alpha_of_too_little(sheets, length):
    assert alpha(sheets, length) is None


def test_facility_attempts_and_time_are_counted():
    sheets = [
        {"q": Answered(True, True, "a", 1, 10.0), "other": Answered(True)},
        {"q": Answered(True, False, "b", 2, 30.0), "other": Answered(True)},
        {"q": Answered(False, False, "b", 2, None), "other": Answered(False)},
        {"q": Answered(False, False, "", 0, None)},
        {"other": Answered(True)},
    ]
    found = analyse("q", sheets)
    assert (found.asked, found.facility, found.facility_at_once) == (4, 0.5, 0.25)
    assert (found.attempts, found.seconds) == ({0: 1, 1: 1, 2: 2}, 20.0)
    assert [(choice.response, choice.count, choice.share, choice.rest) for choice in found.choices] == [
        ("b", 2, 0.5, 0.5),
        ("", 1, 0.25, None),
        ("a", 1, 0.25, 1.0),
    ]


def test_nobody_asked_is_no_question_to_analyse():
    with pytest.raises(ValueError, match="nobody was asked"):
        analyse("q", [])


def keyed_wrong(learners, share, seed=5):
    """Papers on whose question q0 the true answer is "w": by the stored key, whoever knows it is wrong."""
    sheets = []
    for row in marks_of(learners, 10, seed):
        knows = row[1:].mean() >= share
        sheets.append(sheet([not knows, *row[1:]]))
    return sheets


def test_a_planted_wrong_key_is_suspected():
    found = analyse("q0", keyed_wrong(60, 0.3))
    assert (found.suspicion, found.discrimination < -0.5) == ("rival", True)


def test_right_answers_of_the_weaker_alone_are_suspected_without_a_rival():
    found = analyse("q0", keyed_wrong(60, 0.8))
    assert found.suspicion == "negative"


@pytest.mark.parametrize(("learners", "suspicion"), [(9, ""), (10, "rival")])
def test_fewer_than_ten_learners_make_no_suspicion(learners, suspicion):
    sheets = [sheet([0, 1, place % 2], {"q0": "popular"}) for place in range(learners)]
    assert analyse("q0", sheets).suspicion == suspicion


def test_a_hard_question_with_a_sound_key_is_not_suspected():
    marks = marks_of(80, 10, seed=11)
    marks[:, 0] = marks[:, 1:].mean(axis=1) > 0.75
    assert analyse("q0", [sheet(row) for row in marks]).suspicion == ""


@pytest.mark.parametrize(("learners", "is_small"), [(29, True), (30, False)])
def test_below_thirty_learners_a_figure_is_a_hint(learners, is_small):
    sheets = [sheet(row) for row in marks_of(learners, 4)]
    assert (analyse("q0", sheets).is_small, alpha(sheets, 4).is_small) == (is_small, is_small)
