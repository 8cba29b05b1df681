"""Read Aiken (https://docs.moodle.org/en/Aiken_format): a question, options with letters, and a line ANSWER with a letter."""

import re
from collections.abc import Iterator

from exchange.formats.texts import decoded, shortened
from exchange.rules.items import DraftOption, ItemDraft, Rich, SourceBank, SourceItem
from exchange.rules.reasons import UnfitItem

FORMAT = "Aiken"
OPTION = re.compile(r"([A-Z])[.)]\s+(.+)")
ANSWER = re.compile(r"ANSWER:\s*([A-Z](?:\s*,\s*[A-Z])*)\s*$")


def is_aiken(text: str) -> bool:
    return bool(
        re.search(r"^[A-Z][.)]\s+\S", text, re.MULTILINE) and re.search(r"^ANSWER:\s*[A-Z]", text, re.MULTILINE)
    )


def read_aiken(content: bytes) -> SourceBank:
    """Return the items of a file. Raises Refusal bank_encoding."""
    chunks = list(_chunks(decoded(content)))
    items = tuple(_item(lines, number) for number, lines in enumerate(chunks, 1))
    return SourceBank(FORMAT, "", items, len(chunks))


def _chunks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each question, which a line ANSWER ends."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if not lines and not line.strip():
            continue
        lines.append(line.rstrip())
        if line.startswith("ANSWER:"):
            yield lines
            lines = []
    if any(lines):
        yield lines


def _item(lines: list[str], number: int) -> SourceItem:
    draft, refusal = None, None
    try:
        draft = _draft(lines)
    except UnfitItem as unfit:
        refusal = unfit.reason
    return SourceItem(number, "multichoice", shortened("\n".join(lines)), draft=draft, refusal=refusal)


def _draft(lines: list[str]) -> ItemDraft:
    """Return the draft of a question. Raises UnfitItem."""
    answer = ANSWER.match(lines[-1])
    if answer is None:
        raise UnfitItem("unreadable", problem="no line ANSWER: with a letter ends it")
    options: dict[str, list[str]] = {}
    prompt: list[str] = []
    for line in lines[:-1]:
        match = OPTION.match(line.strip())
        if match and match[1] == chr(ord("A") + len(options)):
            options[match[1]] = [match[2]]
        elif options:
            next(reversed(options.values())).append(line)
        else:
            prompt.append(line)
    right = re.findall(r"[A-Z]", answer[1])
    if unknown := [letter for letter in right if letter not in options]:
        raise UnfitItem("unreadable", problem=f"it has no option {unknown[0]}")
    kind = "single_choice" if len(right) == 1 else "multiple_choice"
    draft = ItemDraft(kind, Rich("\n".join(prompt).strip()))
    draft.options = [DraftOption(Rich("\n".join(text).strip()), letter in right) for letter, text in options.items()]
    return draft
