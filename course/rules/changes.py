"""Decide what loading a folder does to an object. The folder is authoritative until someone edits the object on the site."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What a load or an edit does to one object."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    RESTORED = "restored"
    KEPT = "kept"  # edited on the site, so the folder's text is not used
    EXPORTED = "exported"  # edited on the site, and the folder now has the edit: the folder is authoritative again
    UNCHANGED = "unchanged"


WRITING = frozenset(Action) - {Action.KEPT, Action.UNCHANGED}


@dataclass(frozen=True)
class StoredObject:
    """An object as stored. `digest` covers its current text, including edits."""

    digest: str
    edited_at: datetime | None
    is_retired: bool = False


@dataclass(frozen=True)
class Change:
    """One line of the diff that a load prints. `edited_at` is set if an edit was kept."""

    kind: str
    key: str
    action: Action
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Writer:
    """The source of a course's text: its folder (which may `overwrite` edits made on the site), or a person who edits."""

    overwrite: bool = False
    edited_at: datetime | None = None
    edited_by_id: int | None = None

    @property
    def is_person(self) -> bool:
        return self.edited_at is not None


FOLDER = Writer()


def decide_change(
    *, stored: StoredObject | None, digest: str | None, is_moved: bool, writer: Writer = FOLDER
) -> Action:
    """Decide what to do with an object.

    `stored` is None for a new object; `digest` is None for an object that is no longer in the text.
    """
    if stored is None:
        return Action.ADDED
    is_ours = stored.edited_at is not None and not writer.overwrite and not writer.is_person
    if digest is None:
        return _decide_gone(stored, is_ours=is_ours)
    if stored.digest != digest:
        return Action.KEPT if is_ours else Action.RESTORED if stored.is_retired else Action.CHANGED
    if stored.is_retired:
        return Action.RESTORED
    if stored.edited_at is not None and not writer.is_person:
        return Action.EXPORTED
    return Action.MOVED if is_moved else Action.UNCHANGED


def _decide_gone(stored: StoredObject, *, is_ours: bool) -> Action:
    if stored.is_retired:
        return Action.UNCHANGED
    return Action.KEPT if is_ours else Action.RETIRED
