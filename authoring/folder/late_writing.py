"""Write a late policy into a text of the course, or remove it. Comments and everything else stay."""

from collections.abc import Mapping

from authoring.folder.document import Path, read_document
from authoring.folder.writing import value_at, with_value

NAME = "late"


def late_policy_in(text: str, keys: Path) -> Mapping[str, int] | None:
    """Return the late policy that a text says at `keys`, or None."""
    return value_at(read_document(text).data, (*keys, NAME)) or None


def with_late(text: str, keys: Path, policy: Mapping[str, int] | None) -> str | None:
    """Return a text that says this late policy at `keys`, or none of its own. Return None as `with_value` does."""
    return with_value(text, (*keys, NAME), policy)
