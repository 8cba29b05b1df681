"""Clean SVG drawings that other programs made, such as Matplotlib, GeoGebra and Inkscape.

They are shown as pictures, whose scripts and references no browser follows. What is removed here would only matter to
somebody who opens the file by itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from foundation.fast.lazy import lazily

if TYPE_CHECKING:
    import py_svg_hush
else:
    py_svg_hush = lazily("py_svg_hush")

DEEPEST = 100  # elements within elements
MOST_ELEMENTS = 100_000
NESTED_PICTURES = {"image": ["png", "jpeg", "webp"]}  # data: addresses that stay


class UnfitDrawing(Exception):
    """The file cannot be shown; the message says why, as the end of a sentence about the SVG file."""


@dataclass(frozen=True)
class Drawing:
    """A drawing's size in its own units, from the viewBox."""

    width: int
    height: int


def survey_drawing(content: bytes) -> Drawing:
    """Read the size of a drawing. Raises UnfitDrawing if it is not an SVG, cannot be scaled, or could exhaust the memory."""
    survey = _Survey()
    try:
        survey.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnfitDrawing(f"is not well-formed: {error}") from None
    return survey.drawing()


def cleaned_drawing(content: bytes) -> bytes:
    """Return a drawing without scripts, handlers and references to other files. Raises UnfitDrawing."""
    survey_drawing(content)
    try:
        cleaned: bytes = py_svg_hush.filter_svg(content, NESTED_PICTURES)
    except ValueError as error:
        raise UnfitDrawing(f"cannot be read: {error}") from None
    return cleaned


class _Survey:
    def __init__(self) -> None:
        self.depth = self.elements = 0
        self.root, self.box = "", ""
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise UnfitDrawing(f"has more than {DEEPEST} elements within each other")
        if self.elements > MOST_ELEMENTS:
            raise UnfitDrawing(f"has more than {MOST_ELEMENTS:,} elements")
        if not self.root:
            self.root, self.box = name, attributes.get("viewBox", "")

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _entity(self, *_: object) -> None:
        raise UnfitDrawing("declares entities, which a drawing does not need")

    def drawing(self) -> Drawing:
        if self.root != "http://www.w3.org/2000/svg|svg":
            raise UnfitDrawing("does not begin with <svg xmlns=…>")
        try:
            _, _, width, height = (float(part) for part in self.box.replace(",", " ").split())
        except ValueError:
            raise UnfitDrawing("has no viewBox, so it cannot be scaled") from None
        if not (0 < width < float("inf") and 0 < height < float("inf")):
            raise UnfitDrawing("has a viewBox without a size")
        return Drawing(max(1, round(width)), max(1, round(height)))
