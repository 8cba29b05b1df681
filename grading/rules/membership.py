"""Decide which category of a course an activity belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

MIXED = "mixed"


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
    """The category of an activity, by its place in the course, and whether its item there is extra."""

    place: int
    is_extra: bool


def category_home(key: str, kind: str, categories: Sequence[Membership]) -> Home | None:
    """Return where an activity belongs: the category that lists it, or else the one that takes its kind without a list.

    None if it is not graded.
    """
    naming = (place for place, found in enumerate(categories) if found.lists(key, kind))
    taking = (place for place, found in enumerate(categories) if found.of == kind and not found.listed)
    place = next(naming, next(taking, None))
    return None if place is None else Home(place, is_extra=key in categories[place].extra)
