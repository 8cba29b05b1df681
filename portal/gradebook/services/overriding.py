"""Points that an instructor gives in any item of the gradebook, and exemptions, whatever its activity is."""

from typing import TYPE_CHECKING

from grading.services import OverrideOrder
from labs.selectors import lab_in
from labs.services import override_lab_score
from quizzes.services import override_assessment

if TYPE_CHECKING:
    from grading.models import Override


def override_item(order: OverrideOrder) -> "Override":
    """Carry out an override or an exemption in a lab or an assessment.

    Raises Refusal not_found, points_invalid, nothing_to_undo, nothing_left, reason_missing.
    """
    if lab_in(order.course.pk, order.activity) is not None:
        return override_lab_score(order)
    return override_assessment(order)
