"""Exact grade arithmetic, compared with an oracle that uses only whole numbers (G1, G2, D1, D4)."""

import ast
from decimal import Decimal
from fractions import Fraction
from math import lcm

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.arithmetic import (
    GradedCategory,
    GradedItem,
    answered_fraction,
    category_fraction,
    fraction,
    has_passed,
    overall_fraction,
    percent_down,
    percent_up,
    points_short,
    points_text,
    refuse_weights,
    weighted,
    written_sum,
)
from grading.rules.counting import keeps_retired

# Large examples: a quarter of the profile keeps the rules under two seconds, and proofs/ runs thousands of them.
FEWER = settings(max_examples=settings().max_examples // 4)


def item(earned, possible, answered=0):
    return GradedItem(Decimal(earned), Decimal(possible), Decimal(answered))


def category(weight, *items):
    return GradedCategory(Decimal(weight), items)


@pytest.mark.parametrize(
    ("earned", "possible", "expected"),
    [(3, 4, Fraction(3, 4)), (0, 4, Fraction(0)), ("0.1", "0.3", Fraction(1, 3)), (0, 0, Fraction(0))],
)
def test_a_fraction_is_exact_and_nothing_of_nothing_is_nothing(earned, possible, expected):
    assert fraction(Decimal(earned), Decimal(possible)) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], Fraction(0)),
        ([item(3, 4)], Fraction(3, 4)),
        ([item(1, 1), item(0, 99)], Fraction(1, 2)),  # each assessment weighs the same
        ([item(3, 4), item(0, 0)], Fraction(3, 4)),
        ([item(0, 0)], Fraction(0)),
        ([item(1, 3), item(1, 3), item(0, 3)], Fraction(2, 9)),
    ],
)
def test_a_category_is_the_plain_mean_of_its_assessments(items, expected):
    assert category_fraction(items) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], None),
        ([item(0, 12)], None),
        ([item(3, 12, answered=4)], Fraction(3, 4)),
        ([item(3, 12, answered=4), item(0, 12)], Fraction(3, 4)),
        ([item(3, 12, answered=4), item(1, 12, answered=4)], Fraction(1, 2)),
        ([item(0, 12, answered=4)], Fraction(0)),
    ],
)
def test_the_answered_percent_leaves_out_unanswered_questions(items, expected):
    assert answered_fraction(items) == expected


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ([category(50, item(32, 48)), category(50, item(22, 30))], Fraction(7, 10)),
        ([category(50, item(48, 48)), category(50, item(0, 30))], Fraction(1, 2)),
        ([category(50, item(0, 48)), category(50, item(30, 30))], Fraction(1, 2)),
        ([category(30, item(1, 1)), category(70, item(0, 1))], Fraction(3, 10)),
        ([category(100, item(2, 3))], Fraction(2, 3)),
    ],
)
def test_the_overall_grade_is_the_weighted_sum(categories, expected):
    assert overall_fraction(categories) == expected
    assert sum(weighted(each) for each in categories) == expected


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (["50", "49.99"], "the weights sum to 99.99 %, not to 100 %"),
        (["50", "50.01"], "the weights sum to 100.01 %, not to 100 %"),
        ([], "the weights sum to 0 %, not to 100 %"),
        (["150", "-50"], "a weight cannot be negative"),
    ],
)
def test_weights_that_do_not_sum_to_exactly_100_are_refused(weights, message):
    with pytest.raises(ValueError, match="weight") as caught:
        refuse_weights([Decimal(weight) for weight in weights])
    assert str(caught.value) == message
    with pytest.raises(ValueError, match="weight"):
        overall_fraction([category(weight) for weight in weights])


@pytest.mark.parametrize("weights", [["100"], ["33.3", "33.3", "33.4"], ["100", "0"]])
def test_weights_that_sum_to_exactly_100_are_not_refused(weights):
    assert refuse_weights([Decimal(weight) for weight in weights]) is None


@pytest.mark.parametrize(
    ("reached", "line", "expected"),
    [
        (Fraction(7, 10), "70", True),
        (Fraction(69995, 100000), "70", False),
        (Fraction(7, 10) - Fraction(1, 10**30), "70", False),
        (Fraction(3, 5), "60", True),
        (Fraction(1), "100", True),
        (Fraction(0), "0", True),
        (Fraction(2, 3), "66.67", False),
    ],
)
def test_passing_compares_the_unrounded_value(reached, line, expected):
    assert has_passed(reached, Decimal(line)) == expected


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [
        (Fraction(0), "0.0", "0.0"),
        (Fraction(1), "100.0", "100.0"),
        (Fraction(7, 10), "70.0", "70.0"),
        (Fraction(69995, 100000), "69.9", "70.0"),
        (Fraction(2, 3), "66.6", "66.7"),
        (Fraction(1, 1000), "0.1", "0.1"),
        (Fraction(1, 10**6), "0.0", "0.1"),
        (Fraction(5, 100), "5.0", "5.0"),
        (Fraction(5, 4), "125.0", "125.0"),
    ],
)
def test_reached_percents_round_down_and_needed_ones_up(value, down, up):
    assert (percent_down(value), percent_up(value)) == (down, up)


@pytest.mark.parametrize(
    ("points", "expected"),
    [("32", "32"), ("32.00", "32"), ("0.50", "0.5"), ("1E+2", "100"), ("0", "0"), ("100", "100"), ("0.00", "0")],
)
def test_points_are_written_without_needless_zeros_or_an_exponent(points, expected):
    assert points_text(Decimal(points)) == expected


@pytest.mark.parametrize(
    ("earned", "possible", "line", "expected"),
    [(6, 10, 60, "0"), (5, 10, 60, "1"), (0, 12, 60, "8"), (9, 10, 60, "0"), ("0.5", "2", 60, "0.7")],
)
def test_how_many_points_are_missing_to_a_line(earned, possible, line, expected):
    assert points_short(Decimal(earned), Decimal(possible), Decimal(line)) == Decimal(expected)


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ([category(50, item(32, 48)), category(50, item(22, 30))], "32 of 48 × 50 + 22 of 30 × 50"),
        ([category(50, item(8, 12), item(9, 15)), category(50)], "(8 of 12 + 9 of 15) ÷ 2 × 50 + 0 × 50"),
        ([category("62.5", item("0.5", 2), item(0, 0))], "0.5 of 2 × 62.5"),
    ],
)
def test_the_sum_is_written_out_with_exact_points(categories, expected):
    assert written_sum(categories) == expected


points = st.decimals("0", "20", places=2)


@st.composite
def items(draw, least=0):
    possible = draw(st.decimals("0", "20", places=draw(st.sampled_from([0, 2]))))
    return GradedItem(possible * draw(st.integers(least, 8)) / 8, possible)


@st.composite
def courses(draw):
    """Two or three categories whose weights sum to 100, each of up to four assessments."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    weights = [first, second, 100 - first - second]
    return [GradedCategory(Decimal(weight), tuple(draw(st.lists(items(), max_size=4)))) for weight in weights]


def whole_numbers(decimal):
    """A decimal as (numerator, denominator), read from its digits."""
    digits = f"{decimal:f}"
    whole, _, places = digits.partition(".")
    return int(whole + places), 10 ** len(places)


def oracle(categories):
    """(numerator, denominator) of the overall grade, by long-hand fractions of whole numbers."""
    total = (0, 1)
    for each in categories:
        counted = [item for item in each.items if item.possible]
        for item in counted:
            (earned, earned_by), (possible, possible_by) = whole_numbers(item.earned), whole_numbers(item.possible)
            weight, weight_by = whole_numbers(each.weight)
            numerator = earned * possible_by * weight
            denominator = earned_by * possible * weight_by * 100 * len(counted)
            common = lcm(total[1], denominator)
            total = (total[0] * (common // total[1]) + numerator * (common // denominator), common)
    return total


@FEWER
@given(courses(), st.integers(0, 1000))
def test_grade_pass_and_percent_agree_with_whole_numbers(categories, line):
    numerator, denominator = oracle(categories)
    reached = overall_fraction(categories)
    assert reached.numerator * denominator == numerator * reached.denominator
    assert has_passed(reached, Decimal(line) / 10) == (1000 * numerator >= line * denominator)
    tenths = 1000 * numerator // denominator
    assert percent_down(reached) == f"{tenths // 10}.{tenths % 10}"


@FEWER
@given(courses())
def test_the_written_sum_adds_up_to_the_grade(categories):
    """A reader with a calculator gets the same: "of" divides first, then "×" and "÷" from left to right."""
    written = written_sum(categories)
    assert calculated(written) == overall_fraction(categories) * 100


def calculated(written):
    """Return the value of a written sum, by Python's own grammar over exact fractions."""
    terms = [term.rpartition(" × ")[::2] for term in split(written)]
    return sum(value(head) * Fraction(weight) for head, weight in terms)


def split(written):
    """Return the sum's terms, split at "+" outside brackets."""
    depth, start, terms = 0, 0, []
    for place, letter in enumerate(written):
        depth += (letter == "(") - (letter == ")")
        if letter == "+" and not depth:
            terms.append(written[start : place - 1])
            start = place + 2
    return [*terms, written[start:]]


def value(head):
    mean, _, count = head.partition(" ÷ ")
    shares = [Fraction(*map(Fraction, share.split(" of "))) for share in mean.strip("()").split(" + ")]
    return sum(shares) / ast.literal_eval(count or "1")


@given(st.fractions(0, 1), st.integers(0, 1000))
def test_a_shown_percent_reads_as_a_pass_exactly_when_it_is_one(reached, line):
    assert (Decimal(percent_down(reached)) >= Decimal(line) / 10) == has_passed(reached, Decimal(line) / 10)
    assert (Decimal(percent_up(reached)) <= Decimal(line) / 10) == (reached * 1000 <= line)


@pytest.mark.parametrize(
    ("reached", "mean", "expected"),
    [("1/2", "1/4", True), ("1/4", "1/2", False), ("1/2", "1/2", False)],
)
def test_a_removed_assessment_stays_only_where_leaving_it_out_would_cost(reached, mean, expected):
    assert keeps_retired(reached=Fraction(reached), mean_without=Fraction(mean)) == expected
