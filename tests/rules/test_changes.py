"""The folder is authoritative until someone edits the object on the site."""

from datetime import UTC, datetime

import pytest

from course.rules.changes import Action, StoredObject, Writer, decide_change

EDITED = datetime(2026, 11, 24, tzinfo=UTC)
FOLDER, OVERWRITE, PERSON = Writer(), Writer(overwrite=True), Writer(edited_at=EDITED, edited_by_id=1)
AS_LOADED, EDITED_HERE = StoredObject("a", None), StoredObject("a", EDITED)
RETIRED, RETIRED_AFTER_EDIT = StoredObject("a", None, is_retired=True), StoredObject("a", EDITED, is_retired=True)


@pytest.mark.parametrize(
    ("stored", "digest", "is_moved", "writer", "action"),
    [
        (None, "a", False, FOLDER, Action.ADDED),
        (AS_LOADED, "a", False, FOLDER, Action.UNCHANGED),
        (AS_LOADED, "a", True, FOLDER, Action.MOVED),
        (AS_LOADED, "b", False, FOLDER, Action.CHANGED),
        (AS_LOADED, "b", True, FOLDER, Action.CHANGED),
        (AS_LOADED, None, False, FOLDER, Action.RETIRED),
        (EDITED_HERE, "a", False, FOLDER, Action.EXPORTED),
        (EDITED_HERE, "b", False, FOLDER, Action.KEPT),
        (EDITED_HERE, None, False, FOLDER, Action.KEPT),
        (EDITED_HERE, "b", False, OVERWRITE, Action.CHANGED),
        (EDITED_HERE, None, False, OVERWRITE, Action.RETIRED),
        (EDITED_HERE, "a", False, PERSON, Action.UNCHANGED),
        (EDITED_HERE, "a", True, PERSON, Action.MOVED),
        (EDITED_HERE, "b", False, PERSON, Action.CHANGED),
        (RETIRED, "a", False, FOLDER, Action.RESTORED),
        (RETIRED, "b", False, FOLDER, Action.RESTORED),
        (RETIRED, None, False, FOLDER, Action.UNCHANGED),
        (RETIRED_AFTER_EDIT, "b", False, FOLDER, Action.KEPT),
    ],
)
def test_a_load_decides_per_object(stored, digest, is_moved, writer, action):
    assert decide_change(stored=stored, digest=digest, is_moved=is_moved, writer=writer) is action
