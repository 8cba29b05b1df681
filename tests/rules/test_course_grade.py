"""A course grade from a learner's cells: the same strings in full and in short, and what counts."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from grading.rules.course_grade import grade_from, is_nothing_left, outcome_from
from grading.rules.needs import Need
from tests.rules.test_ledger import EXAM, REVIEW, ledger, row


def cells(review=3, exam=8, exam_state="done", **changes):
    paper = row("exam", category="exam", earned=exam, possible=10, state=exam_state, winnable=(), kind="exam")
    return ledger(row(earned=review, possible=4, winnable=(), answered=Decimal(4)), paper, **changes)


def test_a_grade_is_the_weighted_sum_of_its_categories():
    grade = grade_from(cells())
    assert (grade.exact, grade.percent, grade.has_passed) == (Fraction(775, 1000), "77.5", True)
    assert grade.written_sum == "3 of 4 × 50 + 8 of 10 × 50"
    assert [category.percent for category in grade.categories] == ["75.0", "80.0"]
    assert [category.weighted_percent for category in grade.categories] == ["37.5", "40.0"]
    assert [category.answered_percent for category in grade.categories] == ["75.0", "80.0"]


def test_the_short_grade_agrees_with_the_full_one():
    full, short = grade_from(cells()), outcome_from(cells())
    assert (short.exact, short.percent, short.has_passed) == (full.exact, full.percent, full.has_passed)
    assert [cell.percent for cell in short.cells] == [item.percent for item in full.items]


def test_exactly_the_pass_mark_passes_and_less_does_not():
    assert grade_from(cells(review=2, exam=9)).has_passed is True
    assert grade_from(cells(review=2, exam=Decimal("8.99"))).has_passed is False
    assert outcome_from(cells(review=2, exam=9)).has_passed is True
    assert outcome_from(cells(review=2, exam=Decimal("8.99"))).has_passed is False


def test_a_line_shows_open_lost_and_missing_points():
    (item,) = grade_from(ledger(row(earned=1, possible=4, winnable=(Decimal(1), Decimal(1))))).categories[0].items
    assert (item.points_open, item.points_lost, item.points_short, item.is_above_line) == ("2", "1", "2", False)
    assert grade_from(cells()).item("one").is_above_line is True
    assert grade_from(cells()).item("nothing") is None


def test_a_removed_assessment_counts_only_where_its_learner_would_lose_without_it():
    good = row("old", earned=4, possible=4, is_retired=True, winnable=())
    bad = replace(good, earned=Decimal(0))
    same = replace(good, earned=Decimal(3))
    assert grade_from(ledger(row(), good)).categories[0].percent == "87.5"
    assert grade_from(ledger(row(), bad)).categories[0].percent == "75.0"
    assert [item.activity for item in grade_from(ledger(row(), same)).items] == ["one"]
    assert [cell.activity for cell in outcome_from(ledger(row(), bad)).cells] == ["one"]


def test_several_removed_assessments_are_each_compared_with_what_is_left():
    best = row("best", earned=4, possible=4, is_retired=True, winnable=())
    better = replace(best, activity="better", earned=Decimal("3.2"))
    assert [item.activity for item in grade_from(ledger(row(), best, better)).items] == ["one", "best", "better"]


def test_a_need_is_about_the_last_exam_once_the_others_are_over():
    assert grade_from(cells(review=2, exam=0, exam_state="not_started")).need is not None
    assert grade_from(cells()).need == Need("passed")
    two_exams = ledger(row(), row("exam", category="exam"), row("second", category="exam"))
    assert (grade_from(two_exams).need, grade_from(two_exams).need_category) == (None, "")
    halves = (
        replace(REVIEW, weight=Decimal(50)),
        replace(EXAM, weight=Decimal(25)),
        replace(EXAM, key="second", weight=Decimal(25)),
    )
    final = row("second", category="second", earned=0, possible=10, winnable=(Decimal(1),) * 10, state="not_started")
    midterm = row("exam", category="exam", winnable=())
    running = ledger(row(winnable=()), midterm, final, policies=halves)
    assert (grade_from(running).need, grade_from(running).need_category) == (None, "")
    over = ledger(row(winnable=()), replace(midterm, state="done"), final, policies=halves)
    assert (grade_from(over).need, grade_from(over).need_category) == (Need("exam", "55.0", "6", "10"), "second")


def test_with_several_categories_beside_the_exam_a_need_of_points_in_them_is_not_stated():
    policies = (replace(REVIEW, weight=Decimal(30)), EXAM, replace(REVIEW, key="labs", weight=Decimal(20)))
    lab = row("lab", category="labs", earned=0, winnable=(Decimal(4),))
    three = cells(exam_state="done", policies=policies)
    assert grade_from(three).need == Need("out_of_reach")
    assert grade_from(replace(three, rows=(*three.rows, lab))).need is None
    assert grade_from(replace(three, rows=(*three.rows, replace(lab, earned=Decimal(4))))).need == Need("passed")


def test_a_certificate_shows_whether_it_is_valid():
    held = [
        (grade_from(cells(held=held)).is_certified, grade_from(cells(held=held)).is_revoked)
        for held in ("none", "valid", "revoked")
    ]
    assert held == [(False, False), (True, False), (False, True)]


def test_a_cell_shows_whether_an_instructor_gave_its_points():
    (given,) = outcome_from(ledger(row(override=Decimal(3)))).cells
    (earned,) = outcome_from(ledger(row())).cells
    assert (given.is_override, earned.is_override) == (True, False)
    assert outcome_from(ledger(row())).cell("one") == earned


def test_a_course_without_policy_has_no_grade_yet():
    empty = ledger(policies=())
    assert (grade_from(empty).percent, outcome_from(empty).percent) == ("0.0", "0.0")


def test_a_dropped_item_stays_visible_and_says_so():
    policies = (replace(REVIEW, drop_lowest=1), EXAM)
    found = ledger(row("one", earned=1), row("two"), row("exam", category="exam"), policies=policies)
    reviews = grade_from(found).categories[0]
    assert [(item.activity, item.is_dropped) for item in reviews.items] == [("one", True), ("two", False)]
    assert [item.activity for item in reviews.dropped_items] == ["one"]
    assert (reviews.percent, reviews.answered_percent, reviews.drop_lowest, reviews.mean_of) == ("75.0", "75.0", 1, 1)
    assert [(cell.activity, cell.is_dropped) for cell in outcome_from(found).cells][:2] == [
        ("one", True),
        ("two", False),
    ]


@pytest.mark.parametrize(("answered", "earned", "dropped"), [(0, 0, []), (0, 1, ["two"]), (4, 0, ["two"])])
def test_nothing_is_named_as_dropped_before_the_learner_has_begun(answered, earned, dropped):
    first = row("one", earned=earned, answered=Decimal(answered))
    second = row("two", earned=0, answered=Decimal(0))
    policies = (replace(REVIEW, drop_lowest=1), EXAM)
    reviews = grade_from(ledger(first, second, row("exam", category="exam"), policies=policies)).categories[0]
    assert [item.activity for item in reviews.dropped_items] == dropped
    assert [item.activity for item in reviews.items if item.is_dropped] == ["two"]


def test_extra_credit_is_shown_as_such():
    policies = (REVIEW, EXAM, replace(REVIEW, key="bonus", weight=Decimal(10), is_extra=True))
    found = ledger(
        row("one", earned=2),
        row("more", earned=1, is_extra=True),
        row("exam", category="exam", earned=4),
        row("bonus", category="bonus", earned=4),
        policies=policies,
    )
    grade = grade_from(found)
    assert grade.written_sum == "(2 of 4 + 1 of 4) ÷ 1 × 50 + 4 of 4 × 50 + 4 of 4 × 10"
    assert (grade.percent, grade.has_extra_credit) == ("97.5", True)
    assert [item.activity for item in grade.categories[0].extra_items] == ["more"]
    assert [category.is_extra for category in grade.categories] == [False, False, True]
    assert grade_from(cells()).has_extra_credit is False


def test_a_removed_item_of_extra_credit_stays_if_it_earned_points():
    old = row("old", is_extra=True, is_retired=True, earned=1)
    assert grade_from(ledger(row(earned=2), old)).categories[0].percent == "75.0"
    assert [item.activity for item in grade_from(ledger(row(), replace(old, earned=Decimal(0)))).items] == ["one"]


def test_a_removed_item_does_not_lower_a_mean_that_drops_the_lowest():
    policies = (replace(REVIEW, drop_lowest=1), EXAM)
    rows = [row("one", earned=1), row("two", earned=2), row("old", earned="1.8", is_retired=True)]
    assert grade_from(ledger(*rows, policies=policies)).categories[0].percent == "50.0"
    better = replace(rows[2], earned=Decimal(3))
    assert grade_from(ledger(*rows[:2], better, policies=policies)).categories[0].percent == "62.5"


def test_where_only_extra_items_are_left_a_removed_one_counts_if_it_earned_points():
    extra, old = row("more", is_extra=True, earned=2), row("old", is_retired=True, earned=1)
    assert grade_from(ledger(extra, old)).categories[0].percent == "75.0"


def test_an_item_from_which_the_learner_is_exempt_counts_neither_way():
    policies = (replace(REVIEW, drop_lowest=1), EXAM)
    rows = [row("one", earned=0, is_exempt=True), row("two", earned=1), row("three", earned=3)]
    found = ledger(*rows, row("exam", category="exam", earned=4), policies=policies)
    reviews = grade_from(found).categories[0]
    assert [(item.activity, item.is_exempt, item.is_dropped) for item in reviews.items] == [
        ("one", True, False),
        ("two", False, True),
        ("three", False, False),
    ]
    assert (reviews.percent, reviews.mean_of, reviews.is_exempt) == ("75.0", 1, False)
    assert [cell.is_exempt for cell in outcome_from(found).cells] == [True, False, False, False]
    assert (grade_from(found).exempt_share, reviews.share) == ("0", 50)


def test_a_category_from_which_the_learner_is_exempt_gives_its_weight_to_the_others():
    exam = row("exam", category="exam", earned=0, state="not_started", is_exempt=True, kind="exam")
    grade = grade_from(ledger(row(earned=3, winnable=()), exam))
    assert (grade.percent, grade.written_sum) == ("75.0", "(3 of 4 × 50) × 100 ÷ 50")
    assert (grade.need, grade.exempt_share, grade.counted_share) == (None, "50", "50")
    assert [each.key for each in grade.counting_categories] == ["review"]
    assert [(each.share, each.weighted_percent) for each in grade.categories] == [(100, "75.0"), (0, "0.0")]
    bonus = row("more", is_extra=True)
    assert (
        grade_from(ledger(bonus, row(is_exempt=True), replace(exam, is_exempt=False))).categories[0].is_exempt is True
    )
    assert grade_from(ledger(replace(bonus, is_exempt=True), row())).categories[0].is_exempt is False


def test_nothing_is_left_once_a_learner_is_exempt_from_everything():
    exempt = [row(is_exempt=True), row("exam", category="exam", is_exempt=True)]
    assert is_nothing_left(ledger(*exempt)) is True
    assert is_nothing_left(ledger(exempt[0], row("exam", category="exam"))) is False


def test_an_exam_from_which_the_learner_is_exempt_does_not_hold_back_a_need():
    thirds = (REVIEW, replace(EXAM, weight=Decimal(25)), replace(EXAM, key="second", weight=Decimal(25)))
    midterm = row("exam", category="exam", state="not_started", is_exempt=True)
    final = row("second", category="second", earned=0, possible=10, winnable=(Decimal(1),) * 10, state="not_started")
    grade = grade_from(ledger(row(winnable=()), midterm, final, policies=thirds))
    assert (grade.need, grade.need_category) == (Need("exam", "60.0", "6", "10"), "second")


def test_an_item_worth_nothing_does_not_cancel_an_exemption():
    exempt, empty = row("one", is_exempt=True, possible=10), row("two", earned=0, possible=0, state="not_started")
    exam = row("exam", category="exam", earned=8, possible=10)
    grade = grade_from(ledger(exempt, empty, exam))
    assert (grade.percent, grade.exempt_share, grade.categories[0].is_exempt) == ("80.0", "50", True)
    nothing = row("one", is_exempt=True, earned=0, possible=0)
    assert grade_from(ledger(nothing, exam)).categories[0].is_exempt is True
    assert grade_from(ledger(empty, exam)).categories[0].is_exempt is False


def test_the_weight_of_extra_credit_is_not_shared_by_the_others():
    policies = (REVIEW, EXAM, replace(REVIEW, key="bonus", weight=Decimal(5), is_extra=True))
    bonus = row("bonus", category="bonus", is_exempt=True)
    grade = grade_from(ledger(row(), row("exam", category="exam", earned=4), bonus, policies=policies))
    assert (grade.percent, grade.exempt_share, grade.counted_share) == ("87.5", "0", "100")


def test_a_category_from_which_the_learner_is_exempt_is_not_another_one_that_a_need_is_about():
    labs = replace(REVIEW, key="labs", weight=Decimal(20))
    policies = (replace(REVIEW, weight=Decimal(30)), EXAM, labs)
    review = row(earned=0, possible=10, winnable=(Decimal(1),) * 10)
    lab = row("lab", category="labs", earned=0, winnable=(Decimal(4),), is_exempt=True)
    exam = row("exam", category="exam", earned=8, possible=10, state="done", winnable=(), kind="exam")
    # 30 × x + 50 × 8/10 must be 70 percent of the 80 that are left
    assert grade_from(ledger(review, exam, lab, policies=policies)).need == Need("review", "53.4", "6", "10")
    later = replace(exam, earned=Decimal(0), winnable=(Decimal(1),) * 10, state="not_started")
    grade = grade_from(ledger(replace(review, earned=Decimal(10), winnable=()), later, lab, policies=policies))
    assert (grade.need, grade.has_other_parts) == (Need("exam", "52.0", "6", "10"), False)
