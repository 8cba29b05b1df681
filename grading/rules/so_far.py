"""The grade over what a learner has answered, beside the overall grade, in which everything else counts as 0."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from grading.rules.arithmetic import fraction, percent_down
from grading.rules.grade_cells import GradeCell
from grading.rules.ledger import Ledger


def percent_so_far(ledger: Ledger, cells: Iterable[GradeCell]) -> str | None:
    """Return the percent of the questions answered so far, or None before the first answer.

    `cells` are those that count. Each category with an answer has the mean that *Progress* shows of it, and these means
    are weighted as in the overall grade. Extra credit is left out.
    """
    rows = {row.activity: row for row in ledger.rows}
    shares: dict[str, list[Fraction]] = {}
    for cell in cells:
        row = rows[cell.activity]
        if row.answered and row.possible and not (row.is_extra or row.is_exempt or cell.is_dropped):
            shares.setdefault(row.category, []).append(fraction(row.earned, row.answered))
    total, whole = Fraction(0), Decimal(0)
    for policy in ledger.policies:
        if policy.key in shares and not policy.is_extra:
            parts = shares[policy.key]
            total += sum(parts, Fraction(0)) * Fraction(policy.weight) / len(parts)
            whole += policy.weight
    return percent_down(total / Fraction(whole)) if whole else None
