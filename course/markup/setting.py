from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """A file beside the text: an SVG by its source, any other file by its address; size in pixels, 0 if unknown."""

    svg: str = ""
    url: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class InteractiveFigure:
    """A drawing that readers can change: `kind` names the product's script, and `values` is its data as JSON."""

    kind: str
    values: str


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True)
class Setting:
    """The context of a text: how to find files by path and pages by lesson:ID or lab:ID, and the number of its first line.

    `find_interactive` returns None for a file that does not exist, and for one with mistakes, which it reports.
    """

    find_asset: Callable[[str], Asset | None] = _nothing
    find_page: Callable[[str], str | None] = _nothing
    find_interactive: Callable[[str], InteractiveFigure | None] = _nothing
    first_line: int = 1
