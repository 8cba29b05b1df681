from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from labs.models import Lab, LabDraft
from labs.refusals import Refusal
from labs.rules.cells import code_cells
from labs.rules.drafts import decide_lab_draft, leaves_out, with_version
from people.access import refuse_unless_working

if TYPE_CHECKING:
    from accounts.models import User


def refuse_foreign_cells(lab: Lab, cells: list[dict[str, str]]) -> None:
    """Refuse cells that are not the lab's or appear twice. The sources are the learner's. Raises Refusal cell_unknown."""
    ids = [cell["id"] for cell in cells]
    if len(set(ids)) != len(ids) or not set(ids) <= {cell["id"] for cell in code_cells(lab.cells)}:
        raise Refusal("cell_unknown")


@transaction.atomic
def save_lab_draft(
    *,
    learner: "User",
    lab: Lab,
    cells: list[dict[str, str]],
    revision: int,
    keeps_replaced: bool = False,
    now: datetime,
) -> LabDraft:
    """Save the learner's version of a lab's cells.

    With `keeps_replaced`, the version that it replaces stays in `versions`. It also stays there if this one lacks a cell
    that it had, because cells are numbered in order: after an author inserts one, the page shows no code of the old
    numbers, and the next save would lose it.

    Raises Refusal stale_draft, cell_unknown, not_enrolled, preview_only, course_archived.
    """
    refuse_unless_working(learner, lab.course)
    refuse_foreign_cells(lab, cells)
    drafts = LabDraft.objects.defer("versions")  # up to 2 MB, which an ordinary save neither reads nor writes
    drafts.get_or_create(learner=learner, lab=lab, defaults={"saved_at": now})
    draft = drafts.select_for_update().get(learner=learner, lab=lab)
    decided = decide_lab_draft(stored_revision=draft.revision, stored_cells=draft.cells, revision=revision, cells=cells)
    if decided != draft.revision:
        changed = ["cells", "revision", "saved_at"]
        if (keeps_replaced and cells != draft.cells) or leaves_out(cells, draft.cells):
            replaced = {"revision": draft.revision, "saved_at": draft.saved_at.isoformat(), "cells": draft.cells}
            draft.versions = with_version(draft.versions, replaced)
            changed.append("versions")
        draft.cells, draft.revision, draft.saved_at = cells, decided, now
        draft.save(update_fields=changed)
    return draft
