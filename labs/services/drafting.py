from datetime import datetime
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from course.selectors import active_enrollment
from labs.models import Lab, LabDraft
from labs.rules.cells import code_of
from labs.rules.drafts import decide_draft


def refuse_stranger(learner: Any, course_id: int) -> None:
    """Running and saving are for those who take the course; staff and instructors only look (D28)."""
    enrollment = active_enrollment(learner, course_id)
    if enrollment is None or not enrollment.is_learner:
        raise Refusal("preview_only" if learner.is_staff or enrollment is not None else "not_enrolled")


def refuse_foreign_cells(lab: Lab, cells: list[dict[str, str]]) -> None:
    """Cells are those of the lab, each once; their sources are the learner's."""
    ids = [cell["id"] for cell in cells]
    if len(set(ids)) != len(ids) or not set(ids) <= {cell["id"] for cell in code_of(lab.cells)}:
        raise Refusal("cell_unknown")


@transaction.atomic
def save_lab_draft(*, learner: Any, lab: Lab, cells: list[dict[str, str]], revision: int, now: datetime) -> LabDraft:
    """Keep a lab's cells as the learner left them. Raises Refusal stale_draft, cell_unknown, not_enrolled, preview_only."""
    refuse_stranger(learner, lab.course_id)
    refuse_foreign_cells(lab, cells)
    LabDraft.objects.get_or_create(learner=learner, lab=lab, defaults={"saved_at": now})
    draft = LabDraft.objects.select_for_update().get(learner=learner, lab=lab)
    decided = decide_draft(stored_revision=draft.revision, stored_cells=draft.cells, revision=revision, cells=cells)
    if decided != draft.revision:
        draft.cells, draft.revision, draft.saved_at = cells, decided, now
        draft.save(update_fields=["cells", "revision", "saved_at"])
    return draft
