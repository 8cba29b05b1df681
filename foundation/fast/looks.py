"""What a kept part of a page may show: declared once, in the module `looks` of the room whose data it shows.

A template names a look and lists nothing itself. While a kept part is rendered, it sees what its look declares and no other
variable of the page. So an author of a template who uses something else sees nothing there, instead of showing one
reader what was rendered for another.
"""

import re
from collections.abc import Iterable, Mapping
from importlib import import_module

PATH = re.compile(r"[\w.]+")


class Look:
    """The declaration of a kept part, in expressions of the template language.

    - `keys`: values on which the part depends, which it may show: paths of variables, such as `course.title`.
    - `named`: more keys, each with the name under which the part shows it.
    - `shows`: paths that the part may show and that follow from the keys. Whoever declares one answers for that.
    - `filled`: values that differ between requests with equal keys, by name. The part may show them, but no tag or filter
      may change or test them.
    - `needs`: a variable without which the part is rendered for each request, with all variables of the page.
    - `order`: the places of the part's movable parts by their ids, or None if they stay as rendered.
    - `is_open`: the part sees all variables of the page, because pages fill in its blocks. Its keys must name all of them.
    """

    def __init__(
        self,
        *keys: str,
        shows: Iterable[str] = (),
        named: Mapping[str, str] | None = None,
        filled: Mapping[str, str] | None = None,
        needs: str = "",
        order: str = "",
        is_open: bool = False,
    ) -> None:
        self.keys, self.shows, self.named, self.filled = keys, tuple(shows), dict(named or {}), dict(filled or {})
        self.needs, self.order, self.is_open = needs, order, is_open

    @property
    def names(self) -> tuple[str, ...]:
        """Return under which name or path a part may show each value: those of the keys first, then what follows.

        A key that is more than a path is only a key, unless it has a name.
        """
        return (*(key if PATH.fullmatch(key) else "" for key in self.keys), *self.named, *self.shows)

    def shown_paths(self) -> list[tuple[int, tuple[str, ...], str]]:
        """Return, for each path that a part may show, the number of its value, the variables around it, and its name.

        A path inside of another one is left out.
        """
        paths = {path: number for number, path in enumerate(self.names) if path}
        inner = {path for path in paths for outer in paths if path.startswith(f"{outer}.")}
        split = [(number, path.split(".")) for path, number in paths.items() if path not in inner]
        return [(number, tuple(parents), name) for number, (*parents, name) in split]


NOTHING = Look()  # of a part that is the same for everyone


def look_named(word: str) -> Look:
    """Return the look that a template calls `room.name`: `name` in the module `looks` of the room.

    Raises LookupError if it has no look.
    """
    room, _, name = word.rpartition(".")
    try:
        look = getattr(import_module(f"{room}.looks"), name, None) if room else None
    except ModuleNotFoundError:
        look = None
    if not isinstance(look, Look):
        raise LookupError(word)
    return look


class ShownVariable(dict[str, object]):
    """What a kept part may show of one variable of the page: the attributes that its look names."""
