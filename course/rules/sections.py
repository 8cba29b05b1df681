"""Split a page of the course into its sections, with the text that people read, the code and the formulas."""

import html
import re
from dataclasses import dataclass
from xml.etree import ElementTree

HEADING = re.compile(r"<h[23] id=\"([^\"]+)\">(.*?)</h[23]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
APART = re.compile(
    r"<(svg|pre)\b.*?</\1>|<figure data-code\b.*?</figure>|<span data-before-play\b.*?</span>", re.DOTALL
)
INLINE = re.compile(r"</?(?:a|b|code|em|span|strong)\b[^>]*>")
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
SPACE = re.compile(r"\s+")
FIRST_MARK = 0xE000  # the private use area of Unicode, which no text of a course contains
MOST_FORMULAS = 0xF8FF - FIRST_MARK


@dataclass(frozen=True)
class PageSection:
    """The part of a page under one heading. `anchor` and `title` are empty before the first heading.

    In `text`, a private character replaces each formula; `formulas` are their MathML, in the same order.
    """

    anchor: str
    title: str
    text: str
    code: str
    html: str
    formulas: tuple[str, ...] = ()


def sections(page: str) -> list[PageSection]:
    """Split the page's HTML at its headings."""
    first, *rest = HEADING.split(page)
    parts = [page_section("", "", first)]
    for anchor, title, body in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        text, formulas = marked_text(title)
        parts.append(page_section(anchor, with_formulas_read(text, formulas), body))
    return parts


def titled_parts(page: str) -> dict[str, str]:
    """Return the title of each section that has one, by its anchor, in the page's order."""
    return {part.anchor: part.title for part in sections(page) if part.anchor}


def page_section(anchor: str, title: str, body: str) -> PageSection:
    """Return a section; its listings count as code, not as text."""
    code = "\n".join(html.unescape(TAG.sub("", listing[0])) for listing in LISTING.finditer(body))
    text, formulas = marked_text(body)
    return PageSection(anchor, title, text, code, body, formulas)


def marked_text(written: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without markup, listings and drawings, with a mark for each formula, and the formulas.

    What the page says of every recording is left out, too.
    """
    formulas: list[str] = []

    def mark(formula: re.Match[str]) -> str:
        if len(formulas) >= MOST_FORMULAS:
            return " "
        formulas.append(formula[0])
        return chr(FIRST_MARK + len(formulas) - 1)

    without = TAG.sub(" ", INLINE.sub("", FORMULA.sub(mark, APART.sub(" ", written))))
    return re.sub(r"\s+([,.;:)])", r"\1", SPACE.sub(" ", html.unescape(without))).strip(), tuple(formulas)


def with_formulas_read(text: str, formulas: tuple[str, ...]) -> str:
    """Return the text with each formula in one line, such as "(x - y)/2"."""
    for index, formula in enumerate(formulas):
        text = text.replace(chr(FIRST_MARK + index), formula_read(formula))
    return text


def formula_read(formula: str) -> str:
    """Return MathML in one line of text."""
    try:
        return SPACE.sub(" ", _formula_text(ElementTree.fromstring(formula))).strip()  # noqa: S314  # we made it ourselves
    except ElementTree.ParseError:
        return SPACE.sub(" ", html.unescape(TAG.sub(" ", formula))).strip()


def _formula_text(node: ElementTree.Element) -> str:
    parts = [_formula_text(child) for child in node]
    match node.tag.rpartition("}")[2], parts:
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "msub" | "munder", [base, below]:
            return f"{base}_{_grouped(below)}"
        case "msup" | "mover", [base, above]:
            return f"{base}^{_grouped(above)}"
        case "msubsup" | "munderover", [base, below, above]:
            return f"{base}_{_grouped(below)}^{_grouped(above)}"
        case "mtr", _:
            return ", ".join(parts) + ";"
        case "mo", []:
            sign = (node.text or "").strip()
            return f" {sign} " if sign in RELATIONS else f"{sign} " if sign in ",;" else sign
    return (node.text or "").strip() + "".join(parts)


RELATIONS = frozenset("=<>≤≥≈≠∼→←∈+−-×·≔∝≪≫")


def _grouped(part: str) -> str:
    part = part.strip()
    return part if len(part) < 2 or part.isalnum() else f"({part})"
