"""A learner's cell in the gradebook says what the learner's own page says."""

from decimal import Decimal

import pytest

from grading.rules.activity_results import ActivityWorth
from grading.rules.grade_cells import GradeCell, cell_of
from grading.rules.ledger import LedgerRow


def row(**changes):
    facts = {
        "item_id": 1,
        "activity": "a",
        "url_name": "assessment",
        "kind": "review",
        "title": "A",
        "is_retired": False,
        "category": "review",
        "earned": Decimal(2),
        "possible": Decimal(3),
        "answered": Decimal(3),
        "winnable": (),
        "state": "in_progress",
        "fresh": ActivityWorth(()),
    }
    return LedgerRow(**{**facts, **changes})


def test_a_cell_has_the_percent_as_shown_and_the_exact_points():
    plain = GradeCell("a", "66.6", Decimal(2), Decimal(3), "in_progress", is_override=False)
    assert cell_of(row(), is_dropped=False) == plain
    assert (plain.is_dropped, plain.is_exempt, plain.points_late) == (False, False, "0")
    assert cell_of(row(override=Decimal(2), is_exempt=True, late=Decimal("0.50")), is_dropped=True) == GradeCell(
        "a",
        "66.6",
        Decimal(2),
        Decimal(3),
        "in_progress",
        is_override=True,
        is_dropped=True,
        is_exempt=True,
        late=Decimal("0.5"),
    )


def test_points_that_were_lost_by_being_late_are_shown_as_text():
    assert cell_of(row(late=Decimal("0.50")), is_dropped=False).points_late == "0.5"


@pytest.mark.parametrize(
    ("state", "override", "is_blank"),
    [("not_started", None, True), ("not_started", Decimal(0), False), ("in_progress", None, False)],
)
def test_only_a_cell_in_which_nothing_was_started_or_given_is_blank(state, override, is_blank):
    assert cell_of(row(state=state, override=override), is_dropped=False).is_blank is is_blank
