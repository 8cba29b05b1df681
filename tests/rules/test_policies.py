"""Random policies, with lowest results dropped and extra credit, compared with an oracle that tries every choice (D29, D30)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.arithmetic import (
    GradedCategory,
    GradedItem,
    counted_weight,
    dropped_positions,
    overall_fraction,
    written_sum,
)
from grading.rules.membership import Home, Membership, category_home
from grading.rules.needs import Need, needed_on_exam
from grading.rules.outlook import Exam
from tests.rules.test_arithmetic import calculated

# Large examples: a quarter of the profile keeps the rules under two seconds.
FEWER = settings(max_examples=settings().max_examples // 4)


def item(earned, possible=4, answered=0, *, is_extra=False):
    return GradedItem(Decimal(earned), Decimal(possible), Decimal(answered), is_extra=is_extra)


@st.composite
def items(draw):
    possible = Decimal(draw(st.sampled_from(["0", "1", "2.5", "4", "12"])))
    earned = possible * draw(st.integers(0, 4)) / 4
    answered = draw(st.sampled_from([Decimal(0), possible]))
    return GradedItem(earned, possible, answered, is_extra=draw(st.booleans()))


@st.composite
def policies(draw):
    """Up to three categories whose weights sum to 100, and up to two of extra credit."""
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    weights = [(first, False), (second, False), (100 - first - second, False)]
    weights += [(draw(st.integers(0, 100)), True) for _ in range(draw(st.integers(0, 2)))]
    order = draw(st.permutations(weights))
    return [
        GradedCategory(
            Decimal(weight),
            tuple(draw(st.lists(items(), max_size=5))),
            draw(st.integers(0, 4)),
            is_extra=is_extra,
            is_exempt=draw(st.integers(0, 4)) == 4,
        )
        for weight, is_extra in order
    ]


def percent_by_hand(categories):
    """Return the overall percent, as D29 to D31 say it in words, without the limit of 100."""
    counting = [each for each in categories if not each.is_exempt]
    whole = Fraction(100) - sum(Fraction(each.weight) for each in categories if each.is_exempt and not each.is_extra)
    return (
        sum((best(each) * Fraction(each.weight) for each in counting), Fraction(0)) * 100 / whole
        if whole
        else Fraction(0)
    )


def best(category):
    """Return a category's fraction: of all ways to leave out so many regular items, the one that is best for the learner."""
    regular = [
        Fraction(each.earned) / Fraction(each.possible)
        for each in category.items
        if each.possible and not each.is_extra
    ]
    extra = [
        Fraction(each.earned) / Fraction(each.possible) for each in category.items if each.possible and each.is_extra
    ]
    kept = max(len(regular) - category.drop_lowest, min(len(regular), 1))
    totals = [sum(chosen, Fraction(0)) for chosen in combinations(regular, kept)] or [Fraction(0)]
    reached = (max(totals) + sum(extra)) / max(kept, 1)
    return reached if reached < 1 else Fraction(1)


@FEWER
@given(policies())
def test_a_grade_is_the_best_that_the_policy_allows_and_at_most_100(categories):
    total = percent_by_hand(categories)
    assert [each.reached for each in categories] == [best(each) for each in categories]
    assert overall_fraction(categories) * 100 == (min(100, total))


@FEWER
@given(policies())
def test_the_written_sum_of_any_policy_adds_up_to_the_grade(categories):
    assert capped(written_sum(categories)) == overall_fraction(categories) * 100


def capped(written):
    """Return the value of a written sum with its limits."""
    if written.startswith("min(100, "):
        return min(Fraction(100), capped(written.removeprefix("min(100, ")[:-1]))
    if " × 100 ÷ " in written:
        inside, _, whole = written.rpartition(" × 100 ÷ ")
        return capped(inside.removeprefix("(").removesuffix(")")) * 100 / Fraction(whole)
    while "min(1, " in written:
        before, _, rest = written.partition("min(1, ")
        head, _, after = rest.partition(") × ")
        while head.count("(") > head.count(")"):
            more, _, after = after.partition(") × ")
            head += f") × {more}"
        written = f"{before}{limited(head)} × {after}"
    return calculated(written)


def limited(head):
    """Return a mean above 1 as a share that has the value 1, after checking that it is above 1."""
    assert calculated(f"{head} × 1") > 1
    return "1 of 1"


@FEWER
@given(policies(), st.integers(0, 4), st.integers(0, 4))
def test_more_points_never_lower_a_grade(categories, which, where):
    place = which % len(categories)
    changed = categories[place]
    if not changed.items:
        return
    at = where % len(changed.items)
    full = replace(changed.items[at], earned=changed.items[at].possible)
    better = replace(changed, items=(*changed.items[:at], full, *changed.items[at + 1 :]))
    after = [*categories[:place], better, *categories[place + 1 :]]
    assert overall_fraction(after) >= overall_fraction(categories)


@pytest.mark.parametrize(
    ("found", "drop_lowest", "expected"),
    [
        ([item(1), item(3), item(2)], 0, set()),
        ([item(1), item(3), item(2)], 1, {0}),
        ([item(1), item(3), item(2)], 2, {0, 2}),
        ([item(1), item(3), item(2)], 3, {0, 2}),  # never all
        ([item(1)], 1, set()),
        ([], 1, set()),
        ([item(2), item(2)], 1, {1}),  # of equal ones, the later
        ([item(0), item(0, answered=4)], 1, {0}),  # but rather one without an answer
        ([item(0, is_extra=True), item(3), item(2)], 1, {2}),  # extra credit is never dropped
        ([item(0, 0), item(3), item(2)], 1, {2}),  # nor is what is worth nothing
    ],
)
def test_the_lowest_results_are_dropped(found, drop_lowest, expected):
    assert dropped_positions(found, drop_lowest) == expected


def test_what_was_answered_is_counted_without_dropped_and_extra_items():
    found = (item(1, answered=2), item(3, answered=4), item(4, answered=4, is_extra=True))
    assert GradedCategory(Decimal(100), found, drop_lowest=1).answered == Fraction(3, 4)
    assert GradedCategory(Decimal(100), found[2:]).answered is None


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        ([GradedCategory(Decimal(100), (item(1), item(3)), drop_lowest=1)], "3 of 4 × 100"),
        (
            [GradedCategory(Decimal(100), (item(4), item(4), item(1, is_extra=True)))],
            "min(1, (4 of 4 + 4 of 4 + 1 of 4) ÷ 2) × 100",
        ),
        (
            [
                GradedCategory(Decimal(100), (item(4),)),
                GradedCategory(Decimal(5), (item(2),), is_extra=True),
            ],
            "min(100, 4 of 4 × 100 + 2 of 4 × 5)",
        ),
    ],
)
def test_a_sum_shows_what_is_left_out_and_where_it_is_limited(categories, expected):
    assert written_sum(categories) == expected


POLICY = [
    Membership("review"),
    Membership("exam", ("midterm",)),
    Membership("exam"),
    Membership("mixed", ("first-lab", "first-review"), ("more",)),
    Membership("lab", (), ("bonus",)),
]


@pytest.mark.parametrize(
    ("key", "kind", "expected"),
    [
        ("any", "review", Home(0, is_extra=False)),
        ("first-review", "review", Home(3, is_extra=False)),
        ("midterm", "exam", Home(1, is_extra=False)),
        ("final", "exam", Home(2, is_extra=False)),
        ("first-lab", "lab", Home(3, is_extra=False)),
        ("more", "lab", Home(3, is_extra=True)),
        ("bonus", "lab", Home(4, is_extra=True)),
        ("other", "lab", Home(4, is_extra=False)),
        ("midterm", "lab", Home(4, is_extra=False)),  # the id of an exam, but a lab
    ],
)
def test_an_activity_belongs_where_it_is_listed_or_else_to_its_kind(key, kind, expected):
    assert category_home(key, kind, POLICY) == expected


def test_an_activity_that_no_category_takes_is_not_graded():
    assert category_home("final", "exam", POLICY[:2]) is None


@st.composite
def open_items(draw, most=3):
    """An item of up to `most` questions, each won, lost or still open."""
    worths = [Decimal(draw(st.sampled_from(["1", "2", "0.5"]))) for _ in range(draw(st.integers(0, most)))]
    states = [draw(st.sampled_from("WLO")) for _ in worths]
    pairs = list(zip(worths, states, strict=True))
    return GradedItem(
        earned=sum((worth for worth, state in pairs if state == "W"), Decimal(0)),
        possible=sum(worths, Decimal(0)),
        winnable=tuple(worth for worth, state in pairs if state == "O"),
        is_extra=draw(st.booleans()),
    )


@st.composite
def cases(draw):
    exam_weight = draw(st.integers(1, 100))
    first = draw(st.integers(0, 100 - exam_weight))
    weights = [(first, False), (100 - exam_weight - first, False), (draw(st.integers(0, 30)), True)]
    others = [
        GradedCategory(
            Decimal(weight),
            tuple(draw(st.lists(open_items(), max_size=3))),
            draw(st.integers(0, 2)),
            is_extra=is_extra,
            is_exempt=draw(st.integers(0, 5)) == 5,
        )
        for weight, is_extra in weights
    ]
    paper = replace(draw(open_items(most=5)), is_extra=False)
    return others, GradedCategory(Decimal(exam_weight), (paper,)), draw(st.integers(1, 100))


def passes(categories, line):
    total = percent_by_hand(categories)
    return min(total, Fraction(100)) >= line


@FEWER
@given(cases())
def test_the_need_on_the_exam_is_the_least_that_passes_under_any_policy(case):
    others, exam, line = case
    (paper,) = exam.items
    ends = sorted(
        {
            paper.earned + sum(worth for worth, is_won in zip(paper.winnable, won, strict=True) if is_won)
            for won in product((0, 1), repeat=len(paper.winnable))
        }
    )

    def with_exam(points):
        return [*others, replace(exam, items=(replace(paper, earned=points),))]

    full = [
        replace(each, items=tuple(replace(one, earned=one.earned + sum(one.winnable)) for one in each.items))
        for each in others
    ]
    need = needed_on_exam(pass_percent=Decimal(line), others=others, exam=exam, exam_state="not_started")
    enough = [points for points in ends if passes(with_exam(points), line)]
    if enough and enough[0] == paper.earned:
        assert need == Need("passed")
    elif enough:
        assert need.state == "exam"
        assert Decimal(need.points) == enough[0] - paper.earned
        assert Decimal(need.of) == ends[-1] - paper.earned
    elif passes([*full, *with_exam(ends[-1])[-1:]], line):
        assert need is None  # no one number says in which category
    else:
        assert need == Need("out_of_reach")


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        (GradedCategory(Decimal(50), (item(0), item(0))), Need("out_of_reach")),
        (
            GradedCategory(
                Decimal(50), (GradedItem(Decimal(0), Decimal(4), winnable=(Decimal(1),) * 4), item(0)), drop_lowest=1
            ),
            Need("review_first", "40.0"),
        ),
        (
            GradedCategory(
                Decimal(50),
                (
                    GradedItem(Decimal(0), Decimal(4), winnable=(Decimal(1),) * 4),
                    replace(item(0, is_extra=True), winnable=(Decimal(4),)),
                ),
            ),
            Need("review_first", "40.0"),
        ),
    ],
)
def test_points_of_reviews_are_not_stated_if_some_do_not_count_like_others(reviews, expected):
    exam = GradedCategory(Decimal(50), (GradedItem(Decimal(0), Decimal(10), winnable=(Decimal(1),) * 10),))
    assert needed_on_exam(pass_percent=Decimal(70), others=[reviews], exam=exam, exam_state="not_started") == expected


def test_an_outlook_with_extra_credit_ends_at_100():
    exam = Exam(possible=Decimal(10), weight=Fraction(50), rest=Fraction(6, 10), pass_percent=Decimal(70))
    assert [exam.overall(Decimal(points)) for points in (7, 8, 10)] == [Fraction(95, 100), 1, 1]


def test_a_learner_who_is_exempt_from_everything_has_no_grade():
    exempt = GradedCategory(Decimal(100), (item(4),), is_exempt=True)
    assert (overall_fraction([exempt]), written_sum([exempt]), counted_weight([exempt])) == (0, "0 × 0", 0)


def test_the_sum_is_divided_by_the_weight_that_is_left():
    found = [GradedCategory(Decimal("62.5"), (item(3),)), GradedCategory(Decimal("37.5"), (item(4),), is_exempt=True)]
    assert written_sum(found) == "(3 of 4 × 62.5) × 100 ÷ 62.5"
    assert overall_fraction(found) == Fraction(3, 4)
