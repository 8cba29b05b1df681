"""The figures of the question analysis, computed by hand; tests/quizzes/rules compares them with NumPy and SciPy."""

import random
from math import exp
from statistics import covariance, fmean

import pytest

from quizzes.rules.analysis import (
    Answered,
    Choice,
    Mask,
    alpha,
    analyze,
    choices_of,
    correlation,
    interval,
    is_above,
    masks_of,
    mean_rest,
    rest_of,
    suspicion,
)
from quizzes.rules.analysis import covariance as covariance_of_masks


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
    return [[dice.random() < 1 / (1 + exp(h - s)) for h in hard] for s in skills]


def test_the_correlation_is_pearsons():
    assert correlation([(0.0, 1.0), (1.0, 2.0), (1.0, 4.0)]) == pytest.approx(4 / (2 / 3 * 14 / 3) ** 0.5 / 3)
    assert correlation([(0.0, 1.0), (1.0, 0.0), (1.0, 0.0)]) == pytest.approx(-1)


@pytest.mark.parametrize(
    "pairs", [[(0.0, 1.0), (1.0, 2.0)], [(1.0, 1.0), (1.0, 2.0), (1.0, 4.0)], [(0.0, 0.5), (1.0, 0.5), (1.0, 0.5)]]
)
def test_there_is_no_correlation_of_two_or_without_variance(pairs):
    assert correlation(pairs) is None


def test_alpha_and_its_interval():
    """k·c / (v + (k − 1)·c) with v = (1/3 + 1/4 + 1/4) / 3 and c = (1/6 + 1/6 + 1/12) / 3 of three questions, four learners."""
    found = alpha([response_row(marks) for marks in ([1, 1, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0])], 3)
    variance, shared = (1 / 3 + 1 / 4 + 1 / 4) / 3, (1 / 6 + 1 / 6 + 1 / 12) / 3
    assert found.value == pytest.approx(3 * shared / (variance + 2 * shared))
    assert (found.low, found.high) == pytest.approx(
        (1 - (1 - found.value) * 6.598798521956471, 1 - (1 - found.value) * 0.06786692300241533)
    )
    assert (found.questions, found.learners) == (3, 4)


def test_alpha_of_drawn_papers_takes_each_pair_over_those_who_were_asked_both():
    rows = [(1, 1, None), (1, 0, 1), (0, None, 0), (None, 0, 1), (1, 1, 0), (0, 1, None), (0, 0, 1), (1, None, 1)]
    asked = [{f"q{at}": Answered(bool(mark)) for at, mark in enumerate(row) if mark is not None} for row in rows]

    def shared(one, two):
        return covariance(
            *zip(*[(row[one], row[two]) for row in rows if None not in (row[one], row[two])], strict=True)
        )

    own, pairs = fmean(shared(at, at) for at in range(3)), fmean(shared(*pair) for pair in ((0, 1), (0, 2), (1, 2)))
    assert alpha(asked, 2).value == pytest.approx(2 * pairs / (own + pairs))


@pytest.mark.parametrize(
    ("rows", "length"),
    [
        ([response_row([1, 0])] * 2, 2),
        ([response_row([1])] * 9, 1),
        ([response_row([1, 1])] * 9, 2),
        ([], 4),
        ([{"q0": Answered(True)}, {"q1": Answered(True)}, {"q2": Answered(False)}], 4),
    ],
)
def test_alpha_is_none_for_too_little_data(rows, length):
    assert alpha(rows, length) is None


def test_facility_attempts_and_time_are_counted():
    rows = [
        {"q": Answered(True, True, "a", 1, 10.0), "other": Answered(True)},
        {"q": Answered(True, False, "b", 2, 30.0), "other": Answered(True)},
        {"q": Answered(False, False, "b", 2, None), "other": Answered(False)},
        {"q": Answered(False, False, "", 0, None)},
        {"other": Answered(True)},
    ]
    found = analyze("q", rows)
    assert (found.asked, found.facility, found.facility_at_once) == (4, 0.5, 0.25)
    assert (found.attempts, found.seconds) == ({0: 1, 1: 1, 2: 2}, 20.0)
    assert [(choice.response, choice.count, choice.share, choice.rest) for choice in found.choices] == [
        ("b", 2, 0.5, 0.5),
        ("", 1, 0.25, None),
        ("a", 1, 0.25, 1.0),
    ]


def test_a_question_that_nobody_was_asked_cannot_be_analyzed():
    with pytest.raises(ValueError, match="nobody was asked"):
        analyze("q", [])


def keyed_wrong(learners, share, seed=5):
    """Papers whose question q0 has a wrong stored key: learners who know the answer choose "w"."""
    rows = []
    for row in marks_of(learners, 10, seed):
        knows = fmean(row[1:]) >= share
        rows.append(response_row([not knows, *row[1:]]))
    return rows


def test_a_planted_wrong_key_is_suspected():
    found = analyze("q0", keyed_wrong(60, 0.3))
    assert (found.suspicion, found.discrimination < -0.5) == ("rival", True)


def test_a_key_that_only_weaker_learners_choose_is_suspected_without_a_rival():
    found = analyze("q0", keyed_wrong(60, 0.8))
    assert found.suspicion == "negative"


@pytest.mark.parametrize(("learners", "suspicion"), [(9, ""), (10, "rival")])
def test_fewer_than_ten_learners_make_no_suspicion(learners, suspicion):
    rows = [response_row([0, 1, place % 2], {"q0": "popular"}) for place in range(learners)]
    assert analyze("q0", rows).suspicion == suspicion


def test_a_hard_question_with_a_sound_key_is_not_suspected():
    marks = marks_of(80, 10, seed=11)
    rows = [response_row([fmean(row[1:]) > 0.75, *row[1:]]) for row in marks]
    assert analyze("q0", rows).suspicion == ""


@pytest.mark.parametrize(("learners", "is_small"), [(29, True), (30, False)])
def test_below_thirty_learners_a_figure_is_a_hint(learners, is_small):
    rows = [response_row(row) for row in marks_of(learners, 4)]
    assert (analyze("q0", rows).is_small, alpha(rows, 4).is_small) == (is_small, is_small)


def choice(response="w", count=5, rest=0.5, *, is_right=False):
    return Choice(response, count, count / 20, rest, is_right)


@pytest.mark.parametrize(
    ("choices", "discrimination", "asked", "why"),
    [
        ([choice("r", 4, 0.4, is_right=True), choice(count=5, rest=0.5)], 0.5, 10, "rival"),
        ([choice("r", 4, 0.4, is_right=True), choice(count=5, rest=0.5)], 0.5, 9, ""),
        ([choice("r", 5, 0.4, is_right=True), choice(count=5, rest=0.5)], 0.5, 10, ""),
        ([choice("r", 4, 0.5, is_right=True), choice(count=5, rest=0.5)], 0.5, 10, ""),
        ([choice("r", 4, 0.4, is_right=True), choice("", count=5)], 0.5, 10, ""),
        ([choice("r", 4, 0.4, is_right=True), choice(count=5, rest=None)], 0.5, 10, ""),
        ([choice(count=1, rest=0.0)], None, 10, "rival"),
        ([choice("a", 3, 0.4, is_right=True), choice("b", 3, 0.4, is_right=True), choice(count=6)], 0.5, 12, ""),
        ([choice("r", 9, is_right=True)], -0.1, 30, "negative"),
        ([choice("r", 9, is_right=True)], -0.1, 29, ""),
        ([choice("r", 9, is_right=True)], 0.0, 30, ""),
        ([choice("r", 9, is_right=True)], None, 30, ""),
    ],
)
def test_what_makes_a_key_suspicious(choices, discrimination, asked, why):
    assert suspicion(choices, discrimination, asked) == why


def test_the_mean_of_choices_is_over_learners_and_not_over_choices():
    assert mean_rest([choice(count=1, rest=1.0), choice(count=3, rest=0.2), choice(rest=None)]) == pytest.approx(0.4)
    assert mean_rest([choice(rest=None)]) is mean_rest([]) is None
    assert (is_above(0.5, None), is_above(None, None), is_above(0.5, 0.5), is_above(0.6, 0.5)) == (
        True,
        False,
        False,
        True,
    )


def test_the_rest_is_the_share_of_the_other_questions():
    row = {"a": Answered(True), "b": Answered(False), "c": Answered(True)}
    assert [rest_of(row, question) for question in row] == [0.5, 1.0, 0.5]
    assert rest_of({"a": Answered(True)}, "a") is None
    assert rest_of({"a": Answered(True), "b": Answered(True)}, "a") == 1.0


def test_first_responses_are_listed_by_number_and_then_by_text():
    asked = [
        (Answered(True, True, "b"), 0.5),
        (Answered(True, False, "a"), None),
        (Answered(False, False, "c"), 1.0),
        (Answered(False, False, "c"), None),
    ]
    assert choices_of(asked) == [
        Choice("c", 2, 0.5, 1.0, False),
        Choice("a", 1, 0.25, None, False),
        Choice("b", 1, 0.25, 0.5, True),
    ]


def test_what_is_right_in_one_variant_and_wrong_in_another_is_two_responses():
    asked = [(Answered(True, True, "0.5", variant=1), 0.5), (Answered(False, False, "0.5", variant=2), 1.0)]
    assert choices_of(asked * 2) == [Choice("0.5", 2, 0.5, 0.5, True), Choice("0.5", 2, 0.5, 1.0, False)]


def test_masks_hold_a_bit_for_each_learner():
    rows = [{"a": Answered(True)}, {"a": Answered(False), "b": Answered(True)}, {"b": Answered(False)}]
    assert masks_of(rows) == {"a": Mask(0b011, 0b001), "b": Mask(0b110, 0b010)}


def test_the_covariance_is_over_those_who_were_asked_both():
    assert covariance_of_masks(Mask(0b1111, 0b0011), Mask(0b0111, 0b0101)) == pytest.approx((1 - 2 * 2 / 3) / 2)
    assert covariance_of_masks(Mask(0b11, 0b01), Mask(0b11, 0b01)) == 0.5
    assert covariance_of_masks(Mask(0b01, 0b01), Mask(0b11, 0b01)) is None


def test_the_least_data_that_are_enough():
    rows = [response_row(marks) for marks in ([1, 1], [0, 1], [0, 0])]
    assert alpha(rows, 2).value == pytest.approx(2 / 3)
    assert alpha(rows, 1) is alpha(rows[:2], 2) is None
    assert correlation([(0.0, 1.0), (1.0, 2.0), (1.0, 2.0)]) == pytest.approx(1)
    assert correlation([(0.0, 0.0), (1.0, 1e-7), (0.0, 0.0)]) is None


def test_a_perfect_alpha_has_a_perfect_interval():
    assert interval(1.0, 3, 4) == (1.0, 1.0)


def test_a_question_asked_alone_has_figures_without_a_discrimination():
    found = analyze("q", [{"q": Answered(True, True, "a")}] * 3)
    assert (found.question, found.discrimination, found.seconds, found.suspicion) == ("q", None, None, "")
    assert found.choices == (Choice("a", 3, 1.0, None, True),)
    assert (Answered(True).is_right_at_once, Answered(True).response, Answered(True).attempts) == (False, "", 1)
