"""The basis of a certificate, and the effect of later changes to the course (D23)."""

from dataclasses import replace
from decimal import Decimal

from grading.rules.activity_results import ActivityResult, ActivityWorth
from grading.rules.ledger import Ledger, LedgerRow, Policy, basis_of, by_basis

REVIEW = Policy("review", "Review", "review", Decimal(50), Decimal(60), 0)
EXAM = Policy("exam", "Exam", "exam", Decimal(50), Decimal(60), 1)


def row(activity="one", *, category="review", earned=3, possible=4, state="in_progress", fresh=(2, 2), **changes):
    worth = ActivityWorth(tuple(Decimal(points) for points in fresh))
    cell = LedgerRow(
        item_id=1,
        activity=activity,
        url_name="assessment",
        kind="review",
        title=activity,
        is_retired=False,
        category=category,
        earned=Decimal(earned),
        possible=Decimal(possible),
        answered=Decimal(possible),
        winnable=(Decimal(1),),
        state=state,
        fresh=worth,
    )
    return replace(cell, **changes)


def ledger(*rows, **changes):
    return replace(Ledger(Decimal(70), (REVIEW, EXAM), rows), **changes)


QUESTIONS = {"one": ["q1", "q2"], "two": ["q3"]}


def test_a_basis_gives_back_the_ledger_that_made_it():
    made = ledger(row(), row("two", category="exam"))
    kept = by_basis(made, basis_of(made, QUESTIONS))
    assert (kept.pass_percent, kept.policies, kept.rows) == (made.pass_percent, made.policies, made.rows)


def test_under_a_basis_the_policy_of_its_moment_holds():
    basis = basis_of(ledger(row()), QUESTIONS)
    stricter = replace(REVIEW, weight=Decimal(80), pass_percent=Decimal(90))
    later = by_basis(Ledger(Decimal(95), (stricter,), (row(),)), basis)
    assert (later.pass_percent, later.policies) == (Decimal(70), (REVIEW, EXAM))


def test_under_a_basis_a_new_assessment_does_not_count():
    basis = basis_of(ledger(row()), QUESTIONS)
    assert [found.activity for found in by_basis(ledger(row(), row("new")), basis).rows] == ["one"]


def test_under_a_basis_a_removed_or_moved_assessment_counts_as_it_did():
    basis = basis_of(ledger(row()), QUESTIONS)
    (found,) = by_basis(ledger(row(is_retired=True, category="exam")), basis).rows
    assert (found.is_retired, found.category) == (False, "review")


def test_questions_added_to_an_assessment_that_was_never_started_do_not_count():
    unbegun = row(earned=0, possible=4, state="not_started")
    basis = basis_of(ledger(unbegun), QUESTIONS)
    grown = row(earned=0, possible=6, state="not_started", fresh=(2, 2, 2))
    (found,) = by_basis(ledger(grown), basis).rows
    assert (found.possible, found.winnable) == (Decimal(4), (Decimal(4),))


def test_a_begun_assessment_keeps_its_own_points_under_a_basis():
    basis = basis_of(ledger(row()), QUESTIONS)
    (found,) = by_basis(ledger(row(earned=4, possible=4, fresh=(2, 2, 2))), basis).rows
    assert (found.earned, found.possible) == (Decimal(4), Decimal(4))


def test_a_certificate_names_the_questions_that_it_counted():
    kept = by_basis(ledger(row()), basis_of(ledger(row()), QUESTIONS))
    assert kept.basis_questions("one") == frozenset({"q1", "q2"})
    assert kept.basis_questions("another") == frozenset()
    assert ledger(row()).basis_questions("one") is None


def test_a_changed_row_replaces_only_the_row_of_its_activity():
    two = row("two")
    changed = row().with_result(ActivityResult(Decimal(4), Decimal(4), Decimal(4), (), "done"))
    after = ledger(row(), two).with_row(changed)
    assert after.rows == (changed, two)
    assert (changed.earned, changed.possible, changed.answered, changed.winnable, changed.state) == (
        4,
        4,
        4,
        (),
        "done",
    )
    assert after.row("three") is None


def test_a_basis_keeps_what_is_dropped_and_what_is_extra():
    policies = (replace(REVIEW, drop_lowest=2), replace(EXAM, is_extra=True))
    made = ledger(row(is_extra=True), row("two", category="exam"), policies=policies)
    later = by_basis(ledger(row(), row("two", category="exam", is_extra=True)), basis_of(made, QUESTIONS))
    assert later.policies == policies
    assert [found.is_extra for found in later.rows] == [True, False]


def test_a_basis_of_an_earlier_version_drops_nothing_and_has_no_extra_credit():
    basis = basis_of(ledger(row()), QUESTIONS)
    for category in basis["categories"]:
        del category["drop_lowest"], category["is_extra"]
    del basis["items"]["one"]["is_extra"]
    later = by_basis(ledger(row(is_extra=True), policies=(replace(REVIEW, drop_lowest=1), EXAM)), basis)
    assert (later.policies, later.rows[0].is_extra) == ((REVIEW, EXAM), False)


def test_the_ledger_without_a_hidden_certificate_takes_each_new_result():
    current = ledger(row(), row("two"))
    hidden = ledger(row(), current=current)
    assert hidden.without_certificate is current
    assert ledger(row()).without_certificate == ledger(row())
    changed = row(earned=4, state="done", late=Decimal(1))
    assert changed.result == ActivityResult(Decimal(4), Decimal(4), Decimal(4), (Decimal(1),), "done", Decimal(1))
    assert hidden.with_row(changed).without_certificate.rows == (changed, row("two"))
    assert (hidden == ledger(row()), "current" in repr(hidden)) == (True, False)
