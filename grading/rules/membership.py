"""Decide which category of a course an activity belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

MIXED = "mixed"
COLUMN = "column"  # a graded item without an activity; it names its category itself (D41)


@dataclass(frozen=True)
class Membership:
    """Which activities a category takes: the keys that it lists, `extra` for extra items, or else all of a kind."""

    of: str
    listed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def lists(self, key: str, kind: str) -> bool:
        """Return whether the category names this activity."""
        return self.of in {kind, MIXED} and key in {*self.listed, *self.extra}


@dataclass(frozen=True)
class Home:
    """The category of an activity, by its position in the course, and whether its item there is extra."""

    position: int
    is_extra: bool


def category_home(key: str, kind: str, categories: Sequence[Membership]) -> Home | None:
    """Return where an activity belongs: the category that lists it, or else the one that takes its kind without a list.

    None if it is not graded.
    """
    naming = (position for position, category in enumerate(categories) if category.lists(key, kind))
    taking = (position for position, category in enumerate(categories) if category.of == kind and not category.listed)
    position = next(naming, next(taking, None))
    return None if position is None else Home(position, is_extra=key in categories[position].extra)
