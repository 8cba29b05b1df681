"""What loading a folder does to one object: the folder is master until someone edits the object here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    RETIRED = "retired"
    RESTORED = "restored"
    KEPT = "kept"  # edited here, so the folder's text is refused
    EXPORTED = "exported"  # edited here, and the folder has the edit: it is master again
    UNCHANGED = "unchanged"


WRITING = frozenset(Action) - {Action.KEPT, Action.UNCHANGED}


@dataclass(frozen=True)
class Stored:
    """An object as it is in the database. `digest` covers what it says now, edits included."""

    digest: str
    edited_at: datetime | None
    is_retired: bool = False


@dataclass(frozen=True)
class Change:
    """One line of the diff that a load prints; `edited_at` is set on what was kept."""

    kind: str
    key: str
    action: Action
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Writer:
    """Who writes a course's text: its folder (which may `overwrite` what was edited here), or a person, who edits."""

    overwrite: bool = False
    edited_at: datetime | None = None
    edited_by_id: int | None = None

    @property
    def is_person(self) -> bool:
        return self.edited_at is not None


FOLDER = Writer()


def decide_change(*, stored: Stored | None, digest: str | None, is_moved: bool, writer: Writer = FOLDER) -> Action:
    """`stored` is None for an object that is new, `digest` for one that the text has no more."""
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


def _decide_gone(stored: Stored, *, is_ours: bool) -> Action:
    if stored.is_retired:
        return Action.UNCHANGED
    return Action.KEPT if is_ours else Action.RETIRED
