"""What a learner still needs (D26), compared with an oracle that tries every set of questions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.arithmetic import GradedCategory, GradedItem
from grading.rules.needs import Need, needed_on_exam

ONES = (Decimal(1),) * 20
TWOS = (Decimal(2),) * 10

# Large examples: a quarter of the profile keeps the rules under two seconds, and proofs/ runs thousands of them.
FEWER = settings(max_examples=settings().max_examples // 4)


def part(earned, possible, winnable=()):
    return GradedItem(Decimal(earned), Decimal(possible), winnable=tuple(map(Decimal, winnable)))


def needed(reviews, exam, state="not_started", weight=50, line=70):
    return needed_on_exam(
        pass_percent=Decimal(line),
        others=[GradedCategory(Decimal(weight), tuple(reviews))],
        exam=GradedCategory(Decimal(100 - weight), (exam,)),
        exam_state=state,
    )


UNSAT = part(0, 20, ONES)


@pytest.mark.parametrize(
    ("reviews", "exam", "state", "expected"),
    [
        # before the exam: (70 - 50 x review) / 50 of the paper
        ([part(38, 50)], UNSAT, "not_started", Need("exam", "64.0", "13", "20")),
        ([part(32, 48)], UNSAT, "not_started", Need("exam", "73.4", "15", "20")),
        ([part(50, 50)], UNSAT, "not_started", Need("exam", "40.0", "8", "20")),
        ([part(20, 50, ONES)], UNSAT, "not_started", Need("exam", "100.0", "20", "20")),
        ([part(38, 50)], part(0, 20, TWOS), "not_started", Need("exam", "64.0", "14", "20")),
        ([part(10, 10), part(52, 100)], UNSAT, "not_started", Need("exam", "64.0", "13", "20")),
        # over 100 %: first the review questions
        ([part(19, 50, ONES)], UNSAT, "not_started", Need("review_first", "40.0", "20", "50")),
        ([part(0, 50, ONES * 2)], UNSAT, "not_started", Need("review_first", "40.0", "20", "50")),
        (
            [part(0, 10, ONES[:10]), part(3, 10, ONES[:7])],
            UNSAT,
            "not_started",
            Need("review_first", "40.0", "8", "20"),
        ),
        ([part(0, 10, ONES[:10]), part(3, 12, ONES[:9])], UNSAT, "not_started", Need("review_first", "40.0")),
        ([part(0, 30, ("3",) * 10)], UNSAT, "not_started", Need("review_first", "40.0", "12", "30")),
        ([part(0, 35, ("7",) * 5)], UNSAT, "not_started", Need("review_first", "40.0", "14", "35")),
        ([part(0, 50, ("1",) * 19)], UNSAT, "not_started", Need("out_of_reach")),
        # everything that is left is just enough
        ([part(0, 10, ONES[:10])], part(8, 20), "done", Need("review", "100.0", "10", "10")),
        # during the exam: points that can still be won
        ([part(38, 50)], part(3, 20, ONES[:12]), "in_progress", Need("exam_open", "81.7", "10", "12")),
        ([part(38, 50)], part(9, 20, ONES[:4]), "in_progress", Need("exam_open", "95.0", "4", "4")),
        ([part(19, 50, ONES)], part(9, 20, ONES[:11]), "in_progress", Need("review_first", "40.0", "20", "50")),
        # after the exam: review questions, or nothing helps
        ([part(25, 50, ONES)], part(14, 20), "done", Need("review", "70.0", "35", "50")),
        ([part(25, 50, ("2",) * 10)], part(14, 20), "done", Need("review", "70.0", "35", "50")),
        ([part(24, 50, ("2",) * 10)], part(14, 20), "done", Need("review", "70.0", "36", "50")),
        ([part(25, 50, ONES[:9])], part(14, 20), "done", Need("out_of_reach")),
        ([part(25, 50)], part(0, 20), "done", Need("out_of_reach")),
        ([part(35, 50)], part(14, 20), "done", Need("passed")),
        ([part(50, 50)], part(8, 20, ONES[:5]), "in_progress", Need("passed")),
        # nothing has a weight
        ([], UNSAT, "not_started", Need("out_of_reach")),
        ([part(50, 50)], part(0, 0), "not_started", Need("out_of_reach")),
        ([part(0, 0)], part(20, 20), "done", Need("out_of_reach")),
    ],
)
def test_the_least_that_passes(reviews, exam, state, expected):
    assert needed(reviews, exam, state) == expected


@pytest.mark.parametrize(
    ("weight", "line", "expected"),
    [
        (50, 60, Need("exam", "44.0", "9", "20")),
        (20, 70, Need("exam", "68.5", "14", "20")),
        (0, 70, Need("exam", "70.0", "14", "20")),
        (100, 70, Need("passed")),
        (100, 77, Need("out_of_reach")),
    ],
)
def test_weights_and_line_are_the_courses(weight, line, expected):
    assert needed([part(38, 50)], UNSAT, weight=weight, line=line) == expected


@st.composite
def parts(draw, most=4, least=0):
    """Draw an assessment of up to `most` questions, each won, lost or still open."""
    worths = draw(st.lists(st.sampled_from(["1", "2", "0.5", "3"]), min_size=least, max_size=most))
    states = [draw(st.sampled_from("WLOO")) for _ in worths]
    worth_of = [(Decimal(worth), state) for worth, state in zip(worths, states, strict=True)]
    return GradedItem(
        earned=sum((worth for worth, state in worth_of if state == "W"), Decimal(0)),
        possible=sum((worth for worth, _ in worth_of), Decimal(0)),
        winnable=tuple(worth for worth, state in worth_of if state == "O"),
    )


def outcomes(item):
    """Return every number of points with which the assessment can end."""
    for taken in product((0, 1), repeat=len(item.winnable)):
        yield item.earned + sum(worth for worth, is_won in zip(item.winnable, taken, strict=True) if is_won)


def passes(weight, line, reviews, exam):
    """Judge reviews and exam, lists of (earned, possible), directly by the scheme's text."""

    def percent(items):
        shares = [Fraction(earned) / Fraction(possible) for earned, possible in items if possible]
        return sum(shares) / len(shares) if shares else Fraction(0)

    return percent(reviews) * weight + percent(exam) * (100 - weight) >= line


cases = st.tuples(
    st.lists(parts(most=3), max_size=3),
    parts(most=5),
    st.sampled_from(["not_started", "in_progress", "done"]),
    st.integers(0, 100),
    st.integers(1, 100),
)


@FEWER
@given(cases)
def test_state_and_suggestion_agree_with_trying_every_set_of_questions(case):
    reviews, exam, state, weight, line = case
    exam = replace(exam, winnable=()) if state == "done" else exam
    need = needed(reviews, exam, state, weight=weight, line=line)
    now = [(item.earned, item.possible) for item in reviews]
    best = [(max(outcomes(item)), item.possible) for item in reviews]
    finals = sorted(set(outcomes(exam)))
    by_exam = [final for final in finals if passes(weight, line, now, [(final, exam.possible)])]

    if passes(weight, line, now, [(exam.earned, exam.possible)]):
        assert need == Need("passed")
    elif by_exam:
        assert need.state == ("exam_open" if state == "in_progress" else "exam")
        assert Decimal(need.points) == by_exam[0] - exam.earned  # one point less does not pass
        assert Decimal(need.of) == finals[-1] - exam.earned
        assert 0 < Decimal(need.percent) <= 100
    elif passes(weight, line, best, [(finals[-1], exam.possible)]):
        assert need.state == ("review" if state == "done" else "review_first")
        check_review_suggestion(need, reviews, (finals[-1], exam.possible), weight, line)
    else:
        assert need == Need("out_of_reach")


def check_review_suggestion(need, reviews, exam, weight, line):
    """The percent is enough and a tenth less is not. The same holds for points if all points count equally."""
    shown = Fraction(need.percent)
    for percent, expected in ((shown, True), (shown - Fraction(1, 10), False)):
        assert passes(weight, line, [(percent, 100)], [exam]) == expected
    if need.points is None:
        assert len({item.possible for item in reviews if item.possible}) > 1
        return
    totals = {sum(ends) for ends in product(*[set(outcomes(item)) for item in reviews])}
    possible = sum(item.possible for item in reviews)
    enough = [total for total in totals if passes(weight, line, [(total, possible)], [exam])]
    assert (Decimal(need.points), Decimal(need.of)) == (min(enough), possible)


@given(st.integers(0, 50), st.integers(1, 60))
def test_the_shown_percent_of_the_paper_passes_and_a_tenth_less_does_not(earned, questions):
    need = needed([part(earned, 50)], part(0, questions, ("1",) * questions))
    if need.state == "exam":
        for percent, expected in ((Fraction(need.percent), True), (Fraction(need.percent) - Fraction(1, 10), False)):
            assert passes(50, 70, [(earned, 50)], [(percent, 100)]) == expected
