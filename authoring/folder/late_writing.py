"""Write a late policy into a text of the course, or remove it. Comments and everything else stay."""

from collections.abc import Mapping

from authoring.folder.document import Path, read_document
from authoring.folder.writing import value_at, with_value

NAME = "late"


def late_policy_in(text: str, place: Path) -> Mapping[str, int] | None:
    """Return the late policy that a text says at `place`, or None."""
    return value_at(read_document(text).data, (*place, NAME)) or None


def with_late(text: str, place: Path, policy: Mapping[str, int] | None) -> str | None:
    """Return a text that says this late policy at `place`, or none of its own. Return None as `with_value` does."""
    return with_value(text, (*place, NAME), policy)
