from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """A file beside the text: an SVG by its source, any other file by its address; size in pixels, 0 if unknown."""

    svg: str = ""
    url: str = ""
    width: int = 0
    height: int = 0


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True)
class Setting:
    """The context of a text: how to find files by path and pages by lesson:ID or lab:ID, and the number of its first line."""

    find_asset: Callable[[str], Asset | None] = _nothing
    find_page: Callable[[str], str | None] = _nothing
    first_line: int = 1
