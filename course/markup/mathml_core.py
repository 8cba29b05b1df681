"""Convert the converter's MathML 3 to MathML as browsers implement it (MathML Core).

Fonts become mathematical letters, column alignment becomes `data-align`, and function names keep their distance.
"""

import html
from itertools import pairwise
from xml.etree.ElementTree import Element

from latex2mathml.symbols_parser import SYMBOLS

from course.markup.alphabets import in_alphabet

THIN = "0.167em"  # TeX's thin space, between a function's name and its argument
NARROW = "\N{THIN SPACE}"  # as in arg max
SIGNS = "−+±∓"
# elements that are operators; a sign after one of them is binary (a sum), not a number's sign
COMPLETE = ")]}|⟩⌉⌋‖!…⋯%"
RELATIONS = {"~": "∼"}  # operators that the converter writes as letters


def to_core(tree: Element) -> None:
    """Rewrite the tree in place."""
    tree.attrib.pop("xmlns", None)
    if tree.attrib.get("display") == "inline":
        del tree.attrib["display"]
    for element in tree.iter():
        element.text = html.unescape(element.text) if element.text else None
        _draw_bracket(element)
        _use_letters(element)
        _name_function(element)
        _align(element)
    for element in tree.iter():
        if element.tag in ("mrow", "mtd", "math", "mstyle"):
            _group_digits(element)
            _join_letters(element)
            _mark_signs(element)
            _space_functions(element)


def _draw_bracket(element: Element) -> None:
    r"""Write the bracket in place of a command that the converter leaves as it is after \big: \big\langle."""
    text = element.text or ""
    if element.tag == "mo" and text.startswith("\\") and text in SYMBOLS:
        element.text = chr(int(SYMBOLS[text], 16))


def _use_letters(element: Element) -> None:
    variant = element.attrib.get("mathvariant")
    if variant is None or (variant == "normal" and element.tag == "mi"):
        return
    del element.attrib["mathvariant"]
    element.text = in_alphabet(element.text or "", variant)


def _name_function(element: Element) -> None:
    text = element.text or ""
    if element.tag == "mo" and _is_word(text):
        element.tag = "mi"
        element.attrib.clear()
    if element.tag == "mi" and text in RELATIONS:
        element.tag, element.text = "mo", RELATIONS[text]


def _align(element: Element) -> None:
    side = element.attrib.pop("columnalign", "center")
    if side in ("left", "right"):
        element.set("data-align", side)


def _group_digits(row: Element) -> None:
    """Join digit groups, as in 1{,}024."""
    if len(row) == 1 and row[0].text == ",":
        row[0].attrib |= {"lspace": "0em", "rspace": "0em"}


def _join_letters(row: Element) -> None:
    """Join an upright word into one element, so that screen readers read it as a word."""
    children: list[Element] = []
    for child in row:
        if children and _is_upright(child) and _is_upright(children[-1]):
            children[-1].text = (children[-1].text or "") + (child.text or "")
        else:
            children.append(child)
    row[:] = children


def _is_upright(element: Element) -> bool:
    return element.tag == "mi" and element.attrib.get("mathvariant") == "normal"


def _mark_signs(row: Element) -> None:
    """Mark a minus after another operator as a sign, as in σ(−z). Browsers recognize signs only at the start of a row."""
    for before, sign in pairwise(row):
        if sign.tag == before.tag == "mo" and (sign.text or " ") in SIGNS and (before.text or ")") not in COMPLETE:
            sign.set("form", "prefix")


def _space_functions(row: Element) -> None:
    children: list[Element] = []
    for child in row:
        before = children[-1] if children else None
        if before is not None and _needs_space(before, child):
            children.append(Element("mspace", {"width": THIN}))
        children.append(child)
    row[:] = children


def _needs_space(left: Element, right: Element) -> bool:
    if _is_function(left):
        return right.tag not in ("mo", "mspace", "mtext") and not _is_fenced(right)
    return _is_function(right) and left.tag not in ("mo", "mspace", "mtext")


def _is_function(element: Element) -> bool:
    while element.tag in (
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mrow",
    ):
        if len(element) == 0 or (element.tag == "mrow" and len(element) > 1):
            return False
        element = element[0]
    return element.tag == "mi" and _is_word(element.text or "")


def _is_word(text: str) -> bool:
    return len(text) > 1 and text.replace(NARROW, "").isalpha()


def _is_fenced(element: Element) -> bool:
    return element.tag == "mrow" and len(element) > 0 and element[0].tag == "mo"
