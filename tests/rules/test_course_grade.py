"""A course grade from a learner's cells: the same strings in full and in short, and what counts."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from grading.rules.course_grade import grade_from, outcome_from
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


def test_a_need_is_computed_for_one_exam_and_one_other_category():
    assert grade_from(cells(review=2, exam=0, exam_state="not_started")).need is not None
    assert grade_from(cells()).need == Need("passed")
    two_exams = ledger(row(), row("exam", category="exam"), row("second", category="exam"))
    assert grade_from(two_exams).need is None
    halves = (
        replace(REVIEW, weight=Decimal(50)),
        replace(EXAM, weight=Decimal(25)),
        replace(EXAM, key="second", weight=Decimal(25)),
    )
    each_its_category = ledger(row(), row("exam", category="exam"), row("second", category="second"), policies=halves)
    assert grade_from(each_its_category).need is None
    three = replace(
        cells(), policies=(replace(REVIEW, weight=Decimal(30)), EXAM, replace(REVIEW, key="labs", weight=Decimal(20)))
    )
    assert grade_from(three).need is None


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
