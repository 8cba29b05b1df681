"""Decode a file, and parse XML and HTML of strangers: no entities, no network, no trees that fill the memory."""

import re

from lxml import etree, html

from exchange.refusals import Refusal
from exchange.rules.reasons import UnfitItem, cut

MOST_MARKS = 1_500_000  # elements and attributes; each takes about a hundred bytes of memory
DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
ENCODING = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
KNOWN_ENCODINGS = ("utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "cp1252", "iso-8859-15")
LONG_DATA = re.compile(r"[A-Za-z0-9+/=\s]{400,}")
LONGEST_SOURCE = 20_000  # characters of one item in a report


def decoded(content: bytes, *, fallback: str = "") -> str:
    """Return the text of a file. `fallback` is an encoding to try last. Raises Refusal bank_encoding."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _decoded_as(content[len(bom) :], encoding)
    declared = ENCODING.match(content[:200])
    if declared:
        name = declared[1].decode().lower()
        return _decoded_as(content, name if name in KNOWN_ENCODINGS else "utf-8")
    try:
        return _decoded_as(content, "utf-8")
    except Refusal:
        if not fallback:
            raise
        return _decoded_as(content, fallback)


def _decoded_as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise Refusal("bank_encoding") from None
    if "\0" in text:
        raise Refusal("bank_encoding")
    return text


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML file, whose elements have their names without namespaces.

    Raises Refusal bank_unreadable (`name` says as what), bank_encoding, bank_entities, bank_crowded.
    """
    text = DECLARATION.sub("", decoded(content), count=1).strip()
    if text.count("<") + text.count('="') + text.count("='") > MOST_MARKS:
        raise Refusal("bank_crowded", most=f"{MOST_MARKS:,} elements and attributes")
    if "<!ENTITY" in text:
        raise Refusal("bank_entities")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal("bank_unreadable", format=name, problem=cut(str(error))) from None
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise Refusal("bank_entities")
        element.tag = element.tag.rpartition("}")[2]
    etree.cleanup_namespaces(root)
    return root


def parse_html(text: str) -> etree._Element:
    """Return an element around a piece of HTML. Raises UnfitItem."""
    try:
        return html.fragment_fromstring(DECLARATION.sub("", text), create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnfitItem("unreadable", problem=str(error)) from None


def source_of(element: etree._Element) -> str:
    """Return an element as text for a report, without the data of its pictures."""
    return shortened(etree.tostring(element, encoding="unicode", with_tail=False))


def shortened(text: str) -> str:
    """Return a source without long runs of data, cut if it is very long."""
    text = LONG_DATA.sub(
        lambda match: f"[{len(match[0]):,} characters of data]" if " " not in match[0].strip() else match[0], text
    )
    return text if len(text) <= LONGEST_SOURCE else f"{text[:LONGEST_SOURCE]}…"


def element_words(element: etree._Element | None, path: str = "") -> str:
    """Return the text of an element, or of the first one at a path in it, without white space around it; "" for none."""
    inner = element.find(path) if element is not None and path else element
    return "".join(inner.itertext()).strip() if inner is not None else ""


def inner_html(element: etree._Element) -> str:
    """Return what is inside an element as HTML. Its elements are those of XHTML."""
    parts = [_escaped(element.text or "")]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts).strip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
