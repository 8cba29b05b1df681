"""Drafts of a lab: rule D7, applied to cells."""

from labs.refusals import Refusal
from labs.rules.cells import Cells


def decide_lab_draft(*, stored_revision: int, stored_cells: Cells, revision: int, cells: Cells) -> int:
    """Return the revision after saving `cells`; `revision` is the last one that the client saw.

    If the save that led to the stored state is sent again, the stored revision is returned. Raises Refusal stale_draft
    with the stored draft.
    """
    if revision == stored_revision:
        return stored_revision + 1
    if revision == stored_revision - 1 and list(cells) == list(stored_cells):
        return stored_revision
    raise Refusal("stale_draft", draft={"cells": list(stored_cells), "revision": stored_revision})
