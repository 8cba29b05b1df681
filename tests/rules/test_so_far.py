"""The grade over what is answered: weighted as the overall grade, without what has no answer."""

from dataclasses import replace
from decimal import Decimal

from grading.rules.course_grade import grade_from, outcome_from
from grading.rules.so_far import percent_so_far
from tests.rules.test_ledger import EXAM, REVIEW, ledger, row


def answered(key, earned, points, **changes):
    return row(key, earned=earned, answered=Decimal(points), **changes)


def exam(earned, points, **changes):
    return answered("exam", earned, points, category="exam", possible=10, kind="exam", **changes)


def so_far(*rows, policies=(REVIEW, EXAM)):
    known = ledger(*rows, policies=policies)
    return percent_so_far(known, outcome_from(known).cells)


def test_before_the_first_answer_there_is_no_percent():
    assert so_far(answered("one", 0, 0), exam(0, 0)) is None
    assert so_far(policies=()) is None


def test_a_category_without_an_answer_takes_no_share():
    assert so_far(answered("one", 1, 2), exam(0, 0)) == "50.0"
    assert so_far(answered("one", 1, 2), exam(10, 10)) == "75.0"


def test_a_category_has_the_percent_that_progress_shows_of_it():
    rows = [answered("one", 1, 3), answered("two", 2, 2), answered("three", 0, 0), exam(0, 0)]
    (reviews, _exam) = grade_from(ledger(*rows)).categories
    assert so_far(*rows) == reviews.answered_percent == "66.6"


def test_what_is_dropped_exempt_or_extra_takes_no_share():
    dropping = (replace(REVIEW, drop_lowest=1), EXAM)
    assert so_far(answered("one", 1, 4), answered("two", 3, 4), exam(0, 0), policies=dropping) == "75.0"
    assert so_far(answered("one", 0, 4, is_exempt=True), answered("two", 3, 4), exam(0, 0)) == "75.0"
    assert so_far(answered("one", 4, 4, is_extra=True), answered("two", 3, 4), exam(0, 0)) == "75.0"
    bonus = replace(REVIEW, key="bonus", weight=Decimal(10), is_extra=True)
    rows = (answered("more", 0, 4, category="bonus"), answered("one", 3, 4), exam(0, 0))
    assert so_far(*rows, policies=(REVIEW, EXAM, bonus)) == "75.0"
