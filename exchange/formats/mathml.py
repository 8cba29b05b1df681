"""Write MathML as LaTeX: the elements of presentation that editors write, or the LaTeX that they keep beside it."""

import re

from latex2mathml import commands
from latex2mathml.symbols_parser import SYMBOLS
from lxml import etree

from course.markup.mathml import KNOWN
from exchange.rules.reasons import UnfitItem

DEEPEST = 40
SPECIAL = {"%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}", "\\": r"\backslash"}
PLAIN = {"−": "-", "⁢": "", "⁡": "", "⁣": "", "⁤": "", "\xa0": " ", "′": "'", "·": r"\cdot", "×": r"\times", "…": r"\ldots"}
BARE = {"mrow", "math", "mstyle", "mpadded", "mtd", "semantics", "merror", "maction"}
FONTS = {
    "bold": "mathbf",
    "double-struck": "mathbb",
    "script": "mathcal",
    "fraktur": "mathfrak",
    "sans-serif": "mathsf",
}
OPENING, CLOSING = "([{|⟨⌊⌈", ")]}|⟩⌋⌉"
FENCES = {
    "{": r"\{",
    "}": r"\}",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
}
ACCENTS = {
    "^": "hat",
    "ˆ": "hat",
    "¯": "bar",
    "‾": "overline",
    "→": "vec",
    "~": "tilde",
    "˜": "tilde",
    "˙": "dot",
    "¨": "ddot",
    "⏞": "overbrace",
}
TEX = ("application/x-tex", "TeX", "LaTeX")


def _names() -> dict[str, str]:
    """Return the shortest command for each character that has one."""
    names: dict[str, str] = {}
    for name, code in sorted(SYMBOLS.items(), key=lambda pair: (len(pair[0]), pair[0])):
        if name in KNOWN and re.fullmatch(r"\\[a-zA-Z]+", name) and re.fullmatch(r"[0-9A-Fa-f]+", code):
            names.setdefault(chr(int(code, 16)), name)
    return names


NAMES = _names() | PLAIN


def tex_of(math: etree._Element) -> str:
    """Return a formula as LaTeX. Raises UnfitItem for elements that have no words in it."""
    for note in math.iter("annotation"):
        if note.get("encoding") in TEX and (note.text or "").strip():
            return " ".join((note.text or "").split())
    return " ".join(_tex(math, 0).split())


def _tex(element: etree._Element, depth: int) -> str:
    if depth > DEEPEST or not isinstance(element.tag, str):
        raise UnfitItem("too_deep")
    tag = element.tag.rpartition("}")[2].lower()
    text = "".join(element.itertext()).strip()
    if tag in ("mi", "mn", "mo", "mtext", "ms", "mspace"):
        return _leaf(tag, text, element.get("mathvariant", ""))
    if tag in BARE:
        return _row([child for child in element if _is_shown(child)], depth)
    parts = [_tex(child, depth + 1) for child in element if _is_shown(child)]
    written = _built(tag, parts, element)
    if written is None:
        raise UnfitItem("formula_unread", problem=tag)
    return written


def _is_shown(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and not element.tag.lower().endswith(("annotation", "annotation-xml"))


def _built(tag: str, parts: list[str], element: etree._Element) -> str | None:
    written = _scripted(tag, parts, element)
    if written is not None:
        return written
    match tag, parts:
        case "mfrac", [top, bottom]:
            return rf"\frac{{{top}}}{{{bottom}}}"
        case "msqrt", _:
            return rf"\sqrt{{{' '.join(parts)}}}"
        case "mroot", [base, index]:
            return rf"\sqrt[{index}]{{{base}}}"
        case "mtable", _:
            return rf"\begin{{matrix}}{r' \\ '.join(parts)}\end{{matrix}}"
        case "mtr" | "mlabeledtr", _:
            return " & ".join(parts)
        case "mfenced", _:
            opening, closing = element.get("open", "("), element.get("close", ")")
            return f"{_fence('left', opening)} {', '.join(parts)} {_fence('right', closing)}"
    return None


def _scripted(tag: str, parts: list[str], element: etree._Element) -> str | None:
    """Return a base with its scripts above and below, or None for another element."""
    match tag, parts:
        case (("msub" | "munder"), [base, low]):
            return f"{_base(base)}_{{{low}}}"
        case "mover", [base, high]:
            mark = "".join(element[1].itertext()).strip()
            return rf"\{ACCENTS[mark]}{{{base}}}" if mark in ACCENTS else f"{_base(base)}^{{{high}}}"
        case "msup", [base, high]:
            return f"{_base(base)}^{{{high}}}"
        case (("msubsup" | "munderover"), [base, low, high]):
            return f"{_base(base)}_{{{low}}}^{{{high}}}"
    return None


def _base(tex: str) -> str:
    return tex if re.fullmatch(r"\\?[A-Za-z]+|\d|\\[a-z]+\{[^{}]*\}", tex) else f"{{{tex}}}"


def _fence(side: str, mark: str) -> str:
    return rf"\{side}{FENCES.get(mark, mark) or '.'}"


def _row(children: list[etree._Element], depth: int) -> str:
    """Return a row. Brackets around a fraction or a table grow with it."""
    parts = [_tex(child, depth + 1) for child in children]
    marks = ["".join(child.itertext()).strip() if child.tag.rpartition("}")[2] == "mo" else "" for child in children]
    tall = any(r"\begin" in part or r"\frac" in part for part in parts)
    if len(parts) > 1 and tall and marks[0] and marks[0] in OPENING:
        if marks[-1] and marks[-1] in CLOSING and len(parts) > 2:
            return f"{_fence('left', marks[0])} {' '.join(parts[1:-1])} {_fence('right', marks[-1])}"
        if marks[0] == "{" and r"\begin" in parts[-1]:
            return rf"\left\{{ {' '.join(parts[1:])} \right."
    return " ".join(part for part in parts if part)


def _leaf(tag: str, text: str, variant: str) -> str:
    if tag == "mspace":
        return r"\;"
    if tag in ("mtext", "ms"):
        return rf"\text{{{re.sub(r'[\\{}$%#&_^~]', '', text)}}}" if text else ""
    written = (
        " ".join(_sign(sign) for sign in text) if tag == "mo" else "".join(_sign(sign, " ") for sign in text).strip()
    )
    if tag == "mi" and len(text) > 1 and text.isalpha():
        return rf"\{text}" if f"\\{text}" in commands.FUNCTIONS else rf"\mathrm{{{written}}}"
    if variant in FONTS and written:
        return rf"\{FONTS[variant]}{{{written}}}"
    return rf"\mathrm{{{written}}}" if variant == "normal" and tag == "mi" and text.isascii() else written


def _sign(sign: str, after: str = "") -> str:
    """Return a character as LaTeX, a command with what ends it."""
    if sign in SPECIAL:
        return SPECIAL[sign] + (after if sign == "\\" else "")
    if sign.isascii():
        return sign
    name = NAMES.get(sign, sign)
    return f"{name}{after}" if name.startswith("\\") else name
