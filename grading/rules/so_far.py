"""The grade over what a learner has answered, beside the overall grade, in which everything else counts as 0."""

from collections.abc import Iterable
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
    weights = {policy.key: policy.weight for policy in ledger.policies if not policy.is_extra}
    shares: dict[str, list[Fraction]] = {}
    for cell in cells:
        row = rows[cell.activity]
        if row.answered and row.possible and not (row.is_extra or row.is_exempt or cell.is_dropped):
            shares.setdefault(row.category, []).append(fraction(row.earned, row.answered))
    means = [(Fraction(weights.get(key, 0)), sum(parts, Fraction(0)) / len(parts)) for key, parts in shares.items()]
    whole = sum((weight for weight, _mean in means), Fraction(0))
    if not whole:
        return None
    return percent_down(sum((weight * mean for weight, mean in means), Fraction(0)) / whole)
