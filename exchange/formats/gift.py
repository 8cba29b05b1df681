"""Read GIFT (https://docs.moodle.org/en/GIFT_format). No living package reads it (decision 86)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from exchange.formats.cloze import GAP
from exchange.formats.texts import decoded, shortened
from exchange.formats.weighing import FULL, Weighed, choice_draft, number_draft, share_in, text_draft
from exchange.rules.items import ItemDraft, Markup, Rich, SourceBank, SourceItem
from exchange.rules.reasons import UnfitItem, cut

FORMAT = "GIFT"
ESCAPES = {"~": "\ue005", "=": "\ue006", "#": "\ue007", "{": "\ue008", "}": "\ue009", ":": "\ue00a", "\\": "\ue00b"}
PLAIN_AGAIN = str.maketrans({code: sign for sign, code in ESCAPES.items()})
MARKUPS = {"html": Markup.HTML, "moodle": Markup.MOODLE, "plain": Markup.PLAIN, "markdown": Markup.MARKDOWN}
MARK = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
NOTE = re.compile(r"\[(id|tag):([^\]]+)\]")
CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
TRUE_FALSE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*))?$", re.DOTALL | re.IGNORECASE)
ANSWER = re.compile(r"([=~])([^=~]*)", re.DOTALL)
SHARE = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
LONGEST_NUMBER = 200  # characters of a range; a longer text is certainly not a number
RANGE = re.compile(r"\s*(-?[\d.,eE+-]+?)\s*\.\.\s*(-?[\d.,eE+-]+)\s*$")


@dataclass(frozen=True)
class Chunk:
    """The lines of one item, with what the comments above it note."""

    text: str
    ident: str
    tags: tuple[str, ...]


def is_gift(text: str) -> bool:
    return bool(re.search(r"(?<!\\)\{[^{}]*(?<!\\)\}|^[ \t]*::[^:\n]+::|^[ \t]*//", text, re.MULTILINE | re.DOTALL))


def read_gift(content: bytes) -> SourceBank:
    """Return the items of a file. Raises Refusal bank_encoding."""
    chunks = list(_chunks(decoded(content)))
    items = tuple(_item(chunk, number) for number, chunk in enumerate(chunks, 1))
    return SourceBank(FORMAT, next((item.tags[-1] for item in items if item.tags), ""), items, len(chunks))


def _chunks(text: str) -> Iterator[Chunk]:
    """Yield items: an empty line ends one, unless a brace is open that a later line closes before the next title."""
    category, notes, lines, depth = "", list[str](), list[str](), 0
    blocks = list(_blocks(text))
    for index, block in enumerate(blocks):
        for line in block:
            match = CATEGORY.match(line)
            if match:
                category = re.sub(r"^\$\w+\$/(?:top/?)?", "", match[1].strip())
            elif line.lstrip().startswith("//"):
                notes.append(line)
            else:
                lines.append(line)
                depth += _depth(line)
        is_open = depth > 0 and index + 1 < len(blocks) and not blocks[index + 1][0].lstrip().startswith("::")
        if lines and not is_open:
            yield _chunk(lines, notes, category)
            notes, lines, depth = [], [], 0
        elif lines:
            lines.append("")
    if lines:
        yield _chunk(lines, notes, category)


def _blocks(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _depth(line: str) -> int:
    """Return how many braces a line opens and does not close; negative if it closes more."""
    signs = re.findall(r"(?<!\\)[{}]", line)
    return signs.count("{") - signs.count("}")


def _chunk(lines: list[str], notes: list[str], category: str) -> Chunk:
    marks = [match.groups() for note in notes for match in NOTE.finditer(note)]
    tags = [value.strip() for name, value in marks if name == "tag"]
    ident = next((value.strip() for name, value in marks if name == "id"), "")
    return Chunk(
        "\n".join(lines).strip(), ident, tuple(dict.fromkeys(cut(tag, 100) for tag in [*tags, category] if tag))
    )


def _item(chunk: Chunk, number: int) -> SourceItem:
    text = re.sub(r"\\([~=#{}:\\])", lambda match: ESCAPES[match[1]], chunk.text).replace("\\n", "\n")
    match = TITLE.match(text)
    name, text = (_plain(match[1]).strip(), text[match.end() :]) if match else ("", text)
    kind, draft, refusal = "", None, None
    try:
        kind, draft = _draft(text)
    except UnfitItem as unfit:
        refusal = unfit.reason
    return SourceItem(number, kind, shortened(chunk.text), chunk.ident, cut(name), chunk.tags, draft, refusal)


def _plain(text: str) -> str:
    return text.translate(PLAIN_AGAIN)


def _rich(text: str, markup: Markup) -> Rich:
    """Return a text with the format that it names, or with this one."""
    match = MARK.match(text)
    if match:
        markup, text = MARKUPS[match[1].lower()], text[match.end() :]
    return Rich(_plain(text).strip(), markup)


def _draft(text: str) -> tuple[str, ItemDraft]:
    """Return the kind and the draft of an item. Raises UnfitItem."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0:
        raise UnfitItem("no_question")
    if end < start or text.count("{") != 1 or text.count("}") != 1:
        raise UnfitItem(
            "several_gaps" if text.count("{") == text.count("}") else "unreadable", problem="its braces do not close"
        )
    match = MARK.match(text)
    markup = MARKUPS[match[1].lower()] if match else Markup.MOODLE
    before, tail = text[match.end() if match else 0 : start], text[end + 1 :]
    written = f"{before}{GAP}{tail}" if tail.strip() else before
    prompt = Rich(_plain(written).strip(), markup)
    answers, _mark, general = text[start + 1 : end].partition("####")
    kind, draft = _answered(prompt, answers)
    draft.explanation.insert(0, _rich(general, markup))
    return kind, draft


def _answered(prompt: Rich, answers: str) -> tuple[str, ItemDraft]:
    stripped = answers.strip()
    if not stripped:
        raise UnfitItem("essay")
    if match := TRUE_FALSE.match(answers):
        return "truefalse", _true_false(prompt, match)
    if stripped.startswith("#"):
        return "numerical", number_draft(prompt, list(_numbers(stripped[1:], prompt.markup)))
    parts = ANSWER.findall(answers)
    if not parts or answers[: answers.find(parts[0][0])].strip():
        raise UnfitItem("unreadable", problem="its answers begin with no = or ~")
    if all("->" in text for _mark, text in parts) and all(mark == "=" for mark, _text in parts):
        return "match", _matching(prompt, [text for _mark, text in parts])
    responses = [_response(mark, text, prompt.markup) for mark, text in parts]
    if all(mark == "=" for mark, _text in parts):
        return "shortanswer", text_draft(prompt, [_as_plain(response) for response in responses], is_case_exact=False)
    return "multichoice", choice_draft(prompt, responses, is_single=any(mark == "=" for mark, _text in parts))


def _as_plain(response: Weighed) -> Weighed:
    return replace(response, text=Rich(response.text.text))


def _response(mark: str, text: str, markup: Markup) -> Weighed:
    text, _mark, why = text.partition("#")
    match = SHARE.match(text)
    share = share_in(match[1]) if match else FULL if mark == "=" else Decimal(0)
    return Weighed(_rich(text[match.end() if match else 0 :], markup), share, _rich(why, markup))


def _true_false(prompt: Rich, match: re.Match[str]) -> ItemDraft:
    draft = ItemDraft("true_false", prompt, answer=match[1].upper().startswith("T"))
    wrong, _mark, right = (match[2] or "").partition("#")
    for words, why in ((not draft.answer, wrong), (draft.answer, right)):
        if rich := _rich(why, prompt.markup):
            response = str(words).lower()
            draft.changed("feedback_moved", response=response)
            draft.explanation += [Rich(f"For “{response}”:"), rich]
    return draft


def _numbers(text: str, markup: Markup) -> Iterator[Weighed]:
    """Yield numbers: one without a mark, or several with marks."""
    parts = ANSWER.findall(text) if text.lstrip().startswith(("=", "~")) else [("=", text)]
    for mark, part in parts:
        written, _mark, why = part.partition("#")
        match = SHARE.match(written)
        share = share_in(match[1]) if match else FULL if mark == "=" else Decimal(0)
        number, tolerance = _number(written[match.end() if match else 0 :])
        yield Weighed(Rich(number or "*"), share, _rich(why, markup), tolerance)


def _number(written: str) -> tuple[str, str]:
    """Return a number and its tolerance, also of a range. Raises UnfitItem."""
    if len(written) <= LONGEST_NUMBER and (match := RANGE.match(_plain(written))):
        low, high = share_in(match[1]), share_in(match[2])
        return f"{(low + high) / 2:f}", f"{abs(high - low) / 2:f}"
    number, _colon, tolerance = written.partition(":")
    return _plain(number).strip(), _plain(tolerance).strip() or "0"


def _matching(prompt: Rich, rows: list[str]) -> ItemDraft:
    draft = ItemDraft("matching", prompt)
    for row in rows:
        left, _arrow, right = row.partition("->")
        sides = _rich(left, prompt.markup), Rich(_plain(right.partition("#")[0]).strip())
        if sides[0]:
            draft.pairs.append(sides)
        elif sides[1]:
            draft.extra.append(sides[1])
    draft.changed("each_pair")
    return draft
