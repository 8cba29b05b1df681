"""Drafts of a lab: rule D7, applied to cells, and the versions that other code replaced."""

from collections.abc import Sequence

from labs.refusals import Refusal
from labs.rules.cells import Cells
from labs.rules.keeping import size_of

MOST_VERSIONS = 20
MOST_VERSION_BYTES = 2 << 20  # of all versions as JSON

type KeptVersion = dict[str, object]  # `revision`, `saved_at` as text, and `cells`


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


def leaves_out(cells: Cells, stored: Cells) -> bool:
    """Return whether a save of `cells` drops a stored cell, as one does after the author put a cell before it."""
    return not {cell["id"] for cell in stored} <= {cell["id"] for cell in cells}


def with_version(kept: Sequence[KeptVersion], version: KeptVersion) -> list[KeptVersion]:
    """Return the kept versions with one more, newest first, without the oldest ones that no longer fit.

    A version without cells, or with the same cells as the newest, is not added.
    """
    if not version["cells"] or (kept and kept[0]["cells"] == version["cells"]):
        return list(kept)
    versions: list[KeptVersion] = []
    room = MOST_VERSION_BYTES
    for candidate in [version, *kept][:MOST_VERSIONS]:
        room -= size_of(candidate)
        if room < 0 and versions:
            break
        versions.append(candidate)
    return versions
