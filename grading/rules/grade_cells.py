"""One learner's cell in a table of many grades: the same strings as on the learner's own page (D4)."""

from dataclasses import dataclass
from decimal import Decimal

from grading.rules.arithmetic import fraction, percent_down, points_text
from grading.rules.ledger import LedgerRow
from grading.rules.membership import COLUMN


@dataclass(frozen=True)
class GradeCell:
    """A cell in a table of many grades: percent as shown, exact points.

    `is_override`: an instructor gave the points in place of earned ones. `is_dropped`: it is among the lowest of its category (D29).
    `is_exempt`: it does not count for the learner (D31). `late` is how many points right answers lost because they were
    late (D34).
    """

    activity: str
    percent: str
    earned: Decimal
    possible: Decimal
    state: str
    is_override: bool
    is_dropped: bool = False
    is_exempt: bool = False
    late: Decimal = Decimal(0)

    @property
    def points_late(self) -> str:
        return points_text(self.late)

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was started or given, so that the 0 is not a result."""
        return self.state == "not_started" and not self.is_override


def cell_of(row: LedgerRow, *, is_dropped: bool) -> GradeCell:
    """Return a ledger's row as a table cell."""
    return GradeCell(
        activity=row.activity,
        percent=percent_down(fraction(row.earned, row.possible)),
        earned=row.earned,
        possible=row.possible,
        state=row.state,
        is_override=row.override is not None and row.kind != COLUMN,
        is_dropped=is_dropped,
        is_exempt=row.is_exempt,
        late=row.late,
    )
