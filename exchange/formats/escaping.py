"""Put plain text into our Markdown so that every character means itself, and emphasis only where it is read as such."""

import re
import unicodedata
from collections.abc import Sequence

BREAK = "\ue000"  # an end of a line inside a paragraph
STRONG, STRONG_END, EM, EM_END = "\ue001", "\ue002", "\ue003", "\ue004"
MARKS = {STRONG: "**", STRONG_END: "**", EM: "*", EM_END: "*"}
PAIRS = {STRONG: STRONG_END, EM: EM_END}
ALWAYS = re.compile(r"[\\`*\[\]${}]|:(?=::)|(?<=::):|(?<=:):(?=:)")
SOMETIMES = re.compile(r"(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=[A-Za-z#])")
LINE_START = re.compile(r"^(?:(?P<mark>[#>+=~:|-])|(?P<number>\d{1,9})(?=[.)](?:\s|$)))")
SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def escaped(text: str) -> str:
    """Return plain text as Markdown inside a line."""
    return SOMETIMES.sub(lambda match: f"\\{match[0]}", ALWAYS.sub(lambda match: f"\\{match[0]}", text))


def joined(runs: Sequence[str]) -> str:
    """Return a paragraph of runs, each of which is Markdown, a mark of emphasis or an end of a line; "" for nothing."""
    signs = SPACES.sub(" ", "".join(runs))
    signs = re.sub(rf" *{BREAK} *", BREAK, signs).strip(f" {BREAK}")
    signs = _tidied(signs)
    for opening, closing in PAIRS.items():
        signs = _paired(signs, opening, closing)
    lines = [_line(line) for line in signs.strip(f" {BREAK}").split(BREAK)]
    return "\\\n".join(line for line in lines if line)


def _tidied(signs: str) -> str:
    """Move white space out of emphasis, and remove emphasis of nothing."""
    before = ""
    while before != signs:
        before = signs
        signs = re.sub(rf"([{STRONG}{EM}])([ {BREAK}]+)", r"\2\1", signs)
        signs = re.sub(rf"([ {BREAK}]+)([{STRONG_END}{EM_END}])", r"\2\1", signs)
        signs = signs.replace(STRONG + STRONG_END, "").replace(EM + EM_END, "")
    return SPACES.sub(" ", signs)


def _paired(signs: str, opening: str, closing: str) -> str:
    """Write a pair of marks where CommonMark reads it as emphasis, and leave it out elsewhere."""
    parts: list[str] = []
    at, depth = 0, 0
    while (start := signs.find(opening, at)) >= 0:
        end = signs.find(closing, start)
        if end < 0:
            break
        inner = signs[start + 1 : end]
        depth = inner.count(opening)
        inner = inner.replace(opening, "")
        parts.append(signs[at:start])
        before = signs[start - 1] if start else " "
        after = signs[end + 1] if end + 1 < len(signs) else " "
        fits = _opens(before, inner[:1]) and _closes(inner[-1:], after) and BREAK not in inner
        mark = MARKS[opening] if fits else ""
        parts.append(f"{mark}{inner}{mark}")
        at = end + 1
        for _ in range(depth):  # marks of the same kind inside were left out, so their ends go, too
            matches = signs.find(closing, at)
            if matches >= 0:
                parts.append(signs[at:matches])
                at = matches + 1
    parts.append(signs[at:])
    return "".join(parts).replace(opening, "").replace(closing, "")


def _opens(before: str, inner: str) -> bool:
    return bool(inner.strip()) and (not _is_mark(inner) or not before.isalnum())


def _closes(inner: str, after: str) -> bool:
    return bool(inner.strip()) and (not _is_mark(inner) or not after.isalnum())


def _is_mark(sign: str) -> bool:
    return sign in MARKS or unicodedata.category(sign)[0] in "PS"


def _line(line: str) -> str:
    """Return a line that does not begin with the mark of a block."""
    line = line.strip()
    match = LINE_START.match(line)
    if match is None or line.startswith("**"):
        return line
    if match["number"]:
        return f"{match['number']}\\{line[match.end() :]}"
    return f"\\{line}"


def code_span(text: str) -> str:
    """Return code inside a line."""
    text = " ".join(text.split("\n")).strip(" ") or " "
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text.strip() else ""


def code_block(text: str, language: str) -> str:
    """Return code as a block between fences."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"
