"""What the page of a gradebook cell shows of an assessment."""

from typing import TYPE_CHECKING

from activities.kinds import CellEvidence
from grading.selectors import late_terms_in
from quizzes.rules.names import assessment_name
from quizzes.selectors import assessment_in, sitting_records

if TYPE_CHECKING:
    from grading.rules.ledger import Ledger


def evidence_in_assessment(course_id: int, assessment_id: str, learner_id: int, ledger: "Ledger") -> CellEvidence:
    """Return every sitting and attempt of a learner. Raises Refusal not_found."""
    assessment = assessment_in(course_id, assessment_id)
    terms = late_terms_in(ledger, learner_id, course_id, assessment_id)
    records = sitting_records(assessment, learner_id, ledger.basis_questions(assessment_id), terms)
    shown = {"title": assessment_name(assessment), "assessment": assessment, "records": records}
    return CellEvidence("quizzes/workplace/cell.html", shown)
