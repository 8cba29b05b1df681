"""What the page of a gradebook cell shows of a lab."""

from typing import TYPE_CHECKING

from activities.kinds import CellEvidence
from grading.selectors import late_terms_in
from labs.refusals import Refusal
from labs.retests import scored_runs
from labs.selectors import lab_in

if TYPE_CHECKING:
    from grading.rules.ledger import Ledger

MOST_RUNS = 100  # shown of a lab, and the one that counts


def evidence_in_lab(course_id: int, lab_id: str, learner_id: int, ledger: "Ledger") -> CellEvidence:
    """Return the test runs of a learner. Raises Refusal not_found."""
    lab = lab_in(course_id, lab_id)
    if lab is None:
        raise Refusal("not_found")
    runs = scored_runs(lab_id, learner_id, late_terms_in(ledger, learner_id, course_id, lab_id))
    shown = [run for index, run in enumerate(runs) if index < MOST_RUNS or run.counts]
    return CellEvidence(
        "labs/workplace/lab_cell.html",
        {"title": lab.title, "lab": lab, "runs": shown, "number_left_out": len(runs) - len(shown)},
    )
