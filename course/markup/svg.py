"""Include an SVG drawing in the page so that it follows the theme.

Letters and lines become currentColor, and other colors become classes of the style sheet. The drawing cannot run or
load anything, and has no styles or ids. Drawings of other programs are shown as pictures instead (foreign.py).
"""

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NAMESPACE = "{http://www.w3.org/2000/svg}"
TAGS = frozenset({"svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan"})
DROPPED = frozenset({"title", "desc", "metadata"})  # the alternative text replaces it
ATTRIBUTES = frozenset(
    {"class", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height"}
    | {"points", "viewBox", "preserveAspectRatio", "transform", "rotate", "textLength", "lengthAdjust"}
    | {"fill", "stroke", "fill-rule", "fill-opacity", "opacity", "stroke-opacity", "stroke-width"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-miterlimit", "vector-effect"}
    | {"font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "baseline-shift"}
)
PAINT = ("fill", "stroke")
COLOURS = frozenset({"none", "currentColor", "transparent"})
SILENT = frozenset({"version", "role", "aria-label", "aria-hidden"})  # attributes that this module sets itself


def svg_html(source: str, label: str) -> tuple[str, tuple[str, ...]]:
    """Return the drawing with `label` as its alternative text, and the file's mistakes, as sentences."""
    if "<!DOCTYPE" in source or "<!ENTITY" in source:
        return "", ("the SVG file has a DOCTYPE, which a figure does not need.",)
    try:
        root = ElementTree.fromstring(source)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        return "", (f"the SVG file is not well-formed: {error}.",)
    problems = tuple(dict.fromkeys(_problems(root)))
    if problems:
        return "", problems
    _strip(root)
    root.attrib |= {"role": "img", "aria-label": label}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False), ()


def _problems(root: Element) -> Iterator[str]:
    if root.tag != f"{NAMESPACE}svg":
        yield "the SVG file does not begin with <svg xmlns=…>."
    if "viewBox" not in root.attrib:
        yield "the SVG file has no viewBox, so it cannot be scaled."
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        if name in DROPPED:
            continue
        if name not in TAGS:
            yield f"the SVG file has <{name.rpartition('}')[2]}>, which a figure cannot have."
        for key, value in element.attrib.items():
            if key not in ATTRIBUTES and key not in SILENT:
                yield f"the SVG file has the attribute {key.rpartition('}')[2]}, which a figure cannot have."
            if key in PAINT and value not in COLOURS:
                yield f"the SVG file has {key}=“{value}”, which does not follow the theme: use currentColor or a class."


def _strip(element: Element, *, is_in_text: bool = False) -> None:
    element.tag = element.tag.removeprefix(NAMESPACE)
    if not is_in_text:
        element.tail = (element.tail or "").strip() or None
    is_text = element.tag in ("text", "tspan")
    if not is_text:
        element.text = (element.text or "").strip() or None
    for key in SILENT & element.attrib.keys():
        del element.attrib[key]
    for child in list(element):
        if child.tag.removeprefix(NAMESPACE) in DROPPED:
            element.remove(child)
        else:
            _strip(child, is_in_text=is_text)
