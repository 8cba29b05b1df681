"""What the page of a gradebook cell shows of a column."""

from typing import TYPE_CHECKING

from activities.kinds import CellEvidence
from grading.refusals import Refusal
from grading.selectors.columns import column_in

if TYPE_CHECKING:
    from grading.rules.ledger import Ledger


def evidence_in_column(course_id: int, column_id: str, learner_id: int, ledger: "Ledger") -> CellEvidence:
    """Return the column, whose points have a page of their own. Raises Refusal not_found, also for a removed column."""
    column = column_in(course_id, column_id)
    if column is None:
        raise Refusal("not_found")
    return CellEvidence("grading/workplace/column_cell.html", {"title": column.title, "column": column})
