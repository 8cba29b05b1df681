"""Drafts of a lab: the rule of D7, with cells instead of one response."""

from collections.abc import Sequence

from course.rules.refusals import Refusal

type Cells = Sequence[dict[str, str]]


def decide_draft(*, stored_revision: int, stored_cells: Cells, revision: int, cells: Cells) -> int:
    """The revision after saving `cells` over `revision`, the last one that the client saw.

    The save that led to the stored state, sent again, is acknowledged with the stored revision.
    Raises Refusal stale_draft with the stored draft.
    """
    if revision == stored_revision:
        return stored_revision + 1
    if revision == stored_revision - 1 and list(cells) == list(stored_cells):
        return stored_revision
    raise Refusal("stale_draft", draft={"cells": list(stored_cells), "revision": stored_revision})
