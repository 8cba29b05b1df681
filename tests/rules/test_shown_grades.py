"""Everything that a grade shows, field by field, and what a certificate stores of it."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from grading.rules.activity_results import ActivityResult
from grading.rules.arithmetic import GradedItem
from grading.rules.category_grade import CategoryGrade, ItemGrade
from grading.rules.course_grade import CourseGrade, grade_from, outcome_from
from grading.rules.lateness import LateTerms
from grading.rules.ledger import basis_of, policy_from, without_results
from tests.rules.test_ledger import EXAM, REVIEW, ledger, row

ONE = row(earned=2, possible=6, answered=Decimal(5), winnable=(Decimal(1), Decimal("0.5")), late=Decimal("0.50"))
PAPER = row("exam", category="exam", earned=8, possible=10, state="done", winnable=(), kind="exam")


def test_an_item_shows_what_was_earned_what_is_open_and_what_is_lost():
    assert grade_from(ledger(ONE, PAPER)).item("one") == ItemGrade(
        activity="one",
        url_name="assessment",
        kind="review",
        title="one",
        category="review",
        percent="33.3",
        points_earned="2",
        points_possible="6",
        points_open="1.5",
        points_lost="2.5",
        points_short="2",
        pass_percent="60.0",
        state="in_progress",
        is_above_line=False,
        points_late="0.5",
        answered=Decimal(5),
    )
    plain = grade_from(ledger(PAPER)).item("exam")
    assert (plain.is_extra, plain.is_dropped, plain.is_exempt, plain.points_late) == (False, False, False, "0")


def test_a_category_shows_its_weight_its_line_and_what_it_adds():
    reviews, exam = grade_from(ledger(ONE, PAPER)).categories
    assert reviews == CategoryGrade(
        key="review",
        title="Review",
        of="review",
        weight="50.0",
        percent="33.3",
        pass_percent="60.0",
        answered_percent="40.0",
        weighted_percent="16.6",
        exact=Fraction(1, 6),
        is_above_line=False,
        items=reviews.items,
        mean_of=1,
        share=Fraction(50),
    )
    assert (reviews.drop_lowest, reviews.is_extra, reviews.is_exempt, exam.is_above_line) == (0, False, False, True)
    assert grade_from(ledger(replace(ONE, answered=Decimal(0)))).categories[0].answered_percent is None


def test_a_category_that_nobody_fills_yet_is_empty():
    empty = grade_from(ledger(PAPER)).categories[0]
    assert (empty.percent, empty.mean_of, empty.items, empty.share) == ("0.0", 0, (), 50)


def test_a_grade_says_whether_points_outside_the_exam_can_still_be_won():
    running = replace(PAPER, winnable=(Decimal(1),))
    assert grade_from(ledger(ONE, running)).has_open_review_points is True
    assert grade_from(ledger(replace(ONE, winnable=()), running)).has_open_review_points is False


def test_late_items_are_those_that_lost_points_and_count():
    (late,) = grade_from(ledger(ONE, row("two"))).categories[0].late_items
    assert late.activity == "one"
    assert grade_from(ledger(replace(ONE, is_exempt=True))).categories[0].late_items == []


@pytest.mark.parametrize(("weights", "has_others"), [((50, 50), False), ((50, 30, 20), True), ((50, 50, 0), False)])
def test_a_grade_has_other_parts_if_more_than_two_categories_have_a_weight(weights, has_others):
    policies = tuple(replace(REVIEW, key=f"c{place}", weight=Decimal(w)) for place, w in enumerate(weights))
    rows = [row(f"a{place}", category=f"c{place}") for place in range(len(weights))]
    assert grade_from(ledger(*rows, policies=policies)).has_other_parts is has_others


def test_extra_credit_is_a_category_or_an_item():
    bonus = replace(REVIEW, key="bonus", weight=Decimal(10), is_extra=True)
    assert grade_from(ledger(ONE, policies=(REVIEW, EXAM, bonus))).has_extra_credit is True
    assert grade_from(ledger(ONE, row("more", is_extra=True))).has_extra_credit is True


def test_a_grade_tells_its_line_and_whether_an_instructor_changed_something():
    plain = grade_from(ledger(ONE, PAPER))
    assert (plain.pass_percent, plain.has_notices, plain.is_certified, plain.is_revoked) == (
        "70.0",
        False,
        False,
        False,
    )
    assert grade_from(ledger(ONE, has_notices=True)).has_notices is True
    assert outcome_from(ledger(ONE, held="valid")).held == "valid"
    assert outcome_from(ledger(ONE)).cell("nothing") is None


def test_a_certificate_stores_its_policy_and_items_as_text():
    terms = LateTerms(datetime(2027, 3, 21, 22, 59, tzinfo=UTC), 20, 120, 30)
    made = ledger(
        replace(ONE, late_terms=terms), replace(PAPER, is_extra=True), policies=(REVIEW, replace(EXAM, drop_lowest=1))
    )
    assert basis_of(made, {"one": ["q1"]}) == {
        "pass_percent": "70",
        "categories": [
            {
                "key": "review",
                "title": "Review",
                "of": "review",
                "weight": "50",
                "pass_percent": "60",
                "position": 0,
                "drop_lowest": 0,
                "is_extra": False,
            },
            {
                "key": "exam",
                "title": "Exam",
                "of": "exam",
                "weight": "50",
                "pass_percent": "60",
                "position": 1,
                "drop_lowest": 1,
                "is_extra": False,
            },
        ],
        "items": {
            "one": {
                "category": "review",
                "possible": "6",
                "questions": ["q1"],
                "is_extra": False,
                "late": {
                    "due_at": "2027-03-21T22:59:00+00:00",
                    "percent_per_day": 20,
                    "grace_minutes": 120,
                    "lowest_percent": 30,
                },
            },
            "exam": {"category": "exam", "possible": "10", "questions": [], "is_extra": True},
        },
    }
    assert [policy_from(found) for found in basis_of(made, {})["categories"]] == list(made.policies)


def test_learners_are_told_apart_by_their_points():
    one = ledger(ONE, PAPER)
    assert hash(one) == hash(replace(one, has_notices=True))
    others = [
        replace(ONE, item_id=2),
        replace(ONE, earned=Decimal(3)),
        replace(ONE, answered=Decimal(4)),
    ]
    assert len({hash(one), *(hash(ledger(other, PAPER)) for other in others)}) == 4


def test_a_row_takes_a_result_whole():
    result = ActivityResult(Decimal(1), Decimal(2), Decimal(3), (Decimal(4),), "done", Decimal(5))
    assert ONE.with_result(result) == replace(
        ONE,
        earned=Decimal(1),
        possible=Decimal(2),
        answered=Decimal(3),
        winnable=(Decimal(4),),
        state="done",
        late=Decimal(5),
    )
    plain = ledger(PAPER)
    assert (PAPER.override, PAPER.is_exempt, PAPER.late, plain.held, plain.certificate_id) == (
        None,
        False,
        0,
        "none",
        None,
    )


def test_a_result_that_is_withheld_is_as_if_nothing_were_answered_yet():
    given = replace(PAPER, override=Decimal(8))
    found = without_results(ledger(ONE, given), ["exam"])
    unanswered = given.unbegun
    assert found == ledger(
        ONE,
        replace(
            given,
            earned=unanswered.earned,
            possible=unanswered.possible,
            answered=unanswered.answered,
            winnable=unanswered.winnable,
            state="in_progress",
            override=None,
        ),
    )


def test_while_a_result_is_withheld_nobody_says_what_is_needed():
    running = replace(PAPER, earned=Decimal(0), winnable=(Decimal(1),) * 10, state="in_progress")
    grade = grade_from(ledger(replace(ONE, earned=Decimal(6), winnable=()), running))
    assert grade.withheld == frozenset()
    assert grade.need is not None
    assert replace(grade, withheld=frozenset({"exam"})).need is None
    passed = grade_from(ledger(replace(ONE, earned=Decimal(6)), PAPER))
    assert replace(passed, withheld=frozenset({"exam"})).need.state == "passed"


def defaults(kind):
    return {each.name: each.default for each in fields(kind) if each.default is not MISSING}


def test_what_is_not_said_is_no_or_nothing():
    no, nothing = False, Decimal(0)
    assert defaults(ItemGrade) == {
        "is_extra": no,
        "is_dropped": no,
        "is_exempt": no,
        "points_late": "0",
        "answered": nothing,
    }
    assert defaults(CourseGrade) == {
        "is_revoked": no,
        "has_notices": no,
        "withheld": frozenset(),
        "hidden": frozenset(),
    }
    assert defaults(CategoryGrade) == {
        "drop_lowest": 0,
        "is_extra": no,
        "mean_of": 0,
        "is_exempt": no,
        "is_over": no,
        "share": Fraction(0),
    }
    assert defaults(GradedItem) == {"answered": nothing, "winnable": (), "is_extra": no}
    assert defaults(ActivityResult) == {"late": nothing}
    assert defaults(LateTerms) == {"grace_minutes": 0, "lowest_percent": 0}


def test_a_category_adds_nothing_if_the_learner_is_exempt_from_everything():
    exempt = grade_from(ledger(replace(ONE, is_exempt=True), replace(PAPER, is_exempt=True)))
    assert [(each.exact, each.share, each.weighted_percent) for each in exempt.categories] == [(0, 0, "0.0")] * 2


def test_points_that_are_needed_leave_out_what_a_learner_is_exempt_from():
    policies = (replace(REVIEW, weight=Decimal(60)), replace(EXAM, weight=Decimal(40)))
    review = row(earned=0, possible=10, winnable=(Decimal(1),) * 10)
    exempt = row("two", earned=5, possible=10, is_exempt=True)
    need = grade_from(ledger(review, exempt, PAPER, policies=policies)).need
    assert (need.state, need.percent, need.points, need.of) == ("review", "63.4", "7", "10")
    pairs = replace(review, winnable=(Decimal(2),) * 5)
    assert grade_from(ledger(pairs, exempt, PAPER, policies=policies)).need.points == "8"


def test_a_ledger_finds_the_row_of_an_activity():
    assert ledger(ONE, PAPER).row("exam") is PAPER


def test_a_grade_is_written_and_compared_without_its_working():
    grade = grade_from(ledger(ONE, PAPER))
    assert ("groups" in repr(grade), "ledger=" in repr(grade)) == (False, False)
    assert replace(grade, ledger=ledger(PAPER)) == grade


def test_a_category_is_over_once_everything_that_counts_there_is_done():
    done, running = replace(ONE, state="done"), replace(ONE, state="in_progress")
    assert [category.is_over for category in grade_from(ledger(done, replace(PAPER, state="done"))).categories] == [
        True,
        True,
    ]
    assert grade_from(ledger(running, PAPER)).categories[0].is_over is False
    assert grade_from(ledger(replace(running, is_exempt=True), PAPER)).categories[0].is_over is True
